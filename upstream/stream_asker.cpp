#include "upstream/stream_asker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "upstream/query_writer.h"
#include "upstream/reply_check.h"

namespace upstream {
namespace {

constexpr unsigned kLogLinesMost = 3;
constexpr dns::Seconds kLogSpan{60};

/// There is nothing beyond TCP to ask again over: a cut answer is a bad one.
Outcome outcome_of(ReplyVerdict verdict) {
  if (verdict == ReplyVerdict::good) return Outcome::answered;
  return verdict == ReplyVerdict::formerr ? Outcome::not_understood : Outcome::bad_answer;
}

std::string in_seconds(dns::Milliseconds time) {
  return std::to_string(std::chrono::duration_cast<dns::Seconds>(time).count()) + " s";
}

std::shared_ptr<spdlog::logger> logger() {
  auto own = spdlog::get("forwarder");
  return own != nullptr ? own : spdlog::default_logger();
}

}  // namespace

StreamAsker::StreamAsker(net::Network& network, net::Timers& timers,
                         std::unique_ptr<net::Connector> connector, std::string server,
                         dns::Milliseconds idle)
    : network_(network),
      timers_(timers),
      connector_(std::move(connector)),
      server_(std::move(server)),
      idle_(idle),
      log_pace_(kLogLinesMost, kLogSpan),
      deadlines_(
          timers, [this](FlightId id) { return in_flight_.find(id) != nullptr; },
          [this](FlightId id) { due(id); }) {}

StreamAsker::~StreamAsker() {
  timers_.cancel(idle_timer_);
  timers_.cancel(connect_timer_);
  timers_.cancel(shed_timer_);
}

void StreamAsker::ask(const Errand& errand) {
  timers_.cancel(std::exchange(idle_timer_, 0));
  if (in_flight_.size() >= kOnOneConnectionMost) shed_oldest();
  const dns::Time now = timers_.now();
  const std::uint16_t wire_id = unused_id();
  const FlightId id = in_flight_.add({errand, timers_.exact_now(), wire_id, false});
  by_id_[wire_id] = id;
  deadlines_.add(std::min(errand.deadline, now + kSilenceMost), id);
  if (connected_) send(*in_flight_.find(id));
  if (stream_ == nullptr) connect();  // connected() sends
}

std::uint16_t StreamAsker::unused_id() {
  std::uint16_t id = network_.random_id();
  while (by_id_.contains(id)) id = network_.random_id();
  return id;
}

void StreamAsker::connect() {
  connect_timer_ = timers_.after(kConnectMost, [this] {
    connect_timer_ = 0;
    lose_connection("no connection to it within " + in_seconds(kConnectMost));
  });
  stream_ = connector_->connect(*this);
}

void StreamAsker::disconnect() {
  timers_.cancel(std::exchange(connect_timer_, 0));
  connected_ = useful_ = false;
  framing_ = {};
  stream_.reset();
}

/// All that waited for this, or was on a connection that was lost.
void StreamAsker::connected() {
  timers_.cancel(std::exchange(connect_timer_, 0));
  connected_ = true;
  last_failure_.clear();
  last_heard_ = timers_.exact_now();
  dns::Wire all;
  QueryBytes room;
  for (const FlightId id : in_flight_.ids()) {
    Pending& pending = *in_flight_.find(id);
    pending.sent = timers_.exact_now();
    const dns::Wire one = net::framed(write_query(pending.errand.query, pending.id, room));
    all.insert(all.end(), one.begin(), one.end());
  }
  if (!all.empty()) stream_->send(std::move(all));
}

/// A server that does not read gets no more; it will be silent, and then lost.
void StreamAsker::send(const Pending& pending) {
  if (stream_->unsent() > kUnsentMost) return;
  QueryBytes room;
  stream_->send(net::framed(write_query(pending.errand.query, pending.id, room)));
}

void StreamAsker::received(dns::WireView bytes) {
  last_heard_ = timers_.exact_now();
  framing_.feed(bytes, [this](dns::WireView one) {
    message(one);
    return true;
  });
}

void StreamAsker::message(dns::WireView bytes) {
  const auto known = by_id_.find(bytes.size() < 2 ? 0 : dns::get16(bytes.data()));
  if (known == by_id_.end() || !answers(bytes, known->second)) ++mismatches_;
}

bool StreamAsker::answers(dns::WireView bytes, FlightId id) {
  const Pending& pending = *in_flight_.find(id);
  const ReplyVerdict verdict = check_reply(bytes, pending.id, pending.errand.query.question);
  if (verdict == ReplyVerdict::not_ours) return false;
  useful_ = true;
  land(id, {outcome_of(verdict), bytes, {}, {}});
  return true;
}

void StreamAsker::ended(const std::string& why) {
  lose_connection(why.empty() ? "it closed the connection" : why);
}

void StreamAsker::lose_connection(const std::string& why) {
  const bool worked = connected_;
  const bool useful = useful_;
  disconnect();
  if (!worked) log_failure(why);
  std::vector<FlightId> lost;
  for (const FlightId id : in_flight_.ids()) {
    const bool before = std::exchange(in_flight_.find(id)->again, !useful);
    if (!worked || (before && !useful)) lost.push_back(id);
  }
  if (in_flight_.size() > lost.size()) connect();
  for (const FlightId id : lost) land(id, {Outcome::unreachable, {}, why, {}});
}

/// Once for one reason, until it works again.
void StreamAsker::log_failure(const std::string& why) {
  if (why == last_failure_ || !log_pace_.allows(timers_.now())) return;
  last_failure_ = why;
  logger()->warn("upstream {}: {}", server_, why);
}

void StreamAsker::due(FlightId id) {
  const Pending& pending = *in_flight_.find(id);
  if (timers_.now() < pending.errand.deadline) {
    deadlines_.add(pending.errand.deadline, id);
    return look_for_silence(pending);
  }
  const bool dead = connected_ && last_heard_ <= pending.sent;
  auto over = take(id);
  if (dead) lose_connection("no reply in time");
  close_when_idle();
  ServerReply reply{Outcome::timed_out, {}, "no reply in time", took(*over)};
  report(over->errand, reply);
}

/// What was asked on a second connection is waited for: this server is slow, or
/// dead to all who ask.
void StreamAsker::look_for_silence(const Pending& pending) {
  const bool silent = connected_ && last_heard_ <= pending.sent;
  if (silent && !pending.again) {
    lose_connection("nothing came for " + in_seconds(kSilenceMost));
  }
}

std::optional<StreamAsker::Pending> StreamAsker::take(FlightId id) {
  auto pending = in_flight_.take(id);
  if (pending) by_id_.erase(pending->id);
  return pending;
}

void StreamAsker::land(FlightId id, ServerReply reply) {
  auto pending = take(id);
  if (!pending) return;
  reply.took = took(*pending);
  close_when_idle();
  report(pending->errand, reply);
}

/// Told later: who asks may be in the middle of something that it would disturb.
void StreamAsker::shed_oldest() {
  shed_.push_back(*take(in_flight_.oldest()));
  if (shed_timer_ == 0) shed_timer_ = timers_.after(dns::Milliseconds(0), [this] { tell_shed(); });
}

void StreamAsker::tell_shed() {
  shed_timer_ = 0;
  for (Pending& pending : std::exchange(shed_, {})) {
    ServerReply reply{
        Outcome::timed_out, {}, "too many queries wait for its replies", took(pending)};
    report(pending.errand, reply);
  }
}

void StreamAsker::close_when_idle() {
  if (in_flight_.size() > 0 || stream_ == nullptr || idle_timer_ != 0) return;
  idle_timer_ = timers_.after(idle_, [this] {
    idle_timer_ = 0;
    disconnect();
  });
}

}  // namespace upstream
