#include "upstream/tcp_asker.h"

#include "upstream/query_writer.h"
#include "upstream/reply_check.h"

namespace upstream {
namespace {

/// There is nothing beyond TCP to ask again over: a cut answer is a bad one.
Outcome outcome_of(ReplyVerdict verdict) {
  if (verdict == ReplyVerdict::good) return Outcome::answered;
  return verdict == ReplyVerdict::formerr ? Outcome::not_understood : Outcome::bad_answer;
}

}  // namespace

TcpAsker::TcpAsker(net::Network& network, net::Timers& timers, const dns::SocketAddress& server)
    : network_(network),
      timers_(timers),
      server_(server),
      deadlines_(
          timers, [this](FlightId id) { return in_flight_.find(id) != nullptr; },
          [this](FlightId id) { due(id); }) {}

TcpAsker::~TcpAsker() {
  timers_.cancel(idle_timer_);
}

void TcpAsker::ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) {
  timers_.cancel(std::exchange(idle_timer_, 0));
  const FlightId id =
      in_flight_.add({query, std::move(heard), timers_.now(), network_.random_id(), false});
  deadlines_.add(deadline, id);
  send(*in_flight_.find(id));
}

void TcpAsker::send(const Pending& pending) {
  if (stream_ == nullptr) {
    connected_ = false;
    framing_ = {};
    stream_ = network_.connect_tcp(server_, *this);
  }
  QueryBytes room;
  stream_->send(net::framed(write_query(pending.query, pending.id, room)));
}

void TcpAsker::received(dns::WireView bytes) {
  last_heard_ = timers_.now();
  framing_.feed(bytes, [this](dns::WireView one) {
    message(one);
    return true;
  });
}

void TcpAsker::message(dns::WireView bytes) {
  for (const FlightId id : in_flight_.ids()) {
    const Pending& pending = *in_flight_.find(id);
    const ReplyVerdict verdict = check_reply(bytes, pending.id, pending.query.question);
    if (verdict == ReplyVerdict::not_ours) continue;
    return land(id, {outcome_of(verdict), dns::Wire(bytes.begin(), bytes.end()), {}, {}});
  }
  ++mismatches_;
}

void TcpAsker::ended(const std::string& why) {
  lose_connection(why.empty() ? server_.to_text() + " closed the connection" : why);
}

void TcpAsker::lose_connection(const std::string& why) {
  const bool was_connected = std::exchange(connected_, false);
  stream_.reset();
  std::vector<FlightId> lost;
  for (const FlightId id : in_flight_.ids()) {
    Pending& pending = *in_flight_.find(id);
    if (!was_connected || std::exchange(pending.again, true)) {
      lost.push_back(id);
    } else {
      send(pending);
    }
  }
  for (const FlightId id : lost) land(id, {Outcome::unreachable, {}, why, {}});
}

void TcpAsker::due(FlightId id) {
  // Nothing at all since it was asked: the connection is dead without knowing it.
  const bool dead = last_heard_ <= in_flight_.find(id)->asked;
  auto pending = in_flight_.take(id);
  if (dead) lose_connection("no reply in time from " + server_.to_text());
  close_when_idle();
  pending->heard(pending->query, {Outcome::timed_out, {}, "no reply in time", {}});
}

void TcpAsker::land(FlightId id, ServerReply reply) {
  const auto pending = in_flight_.take(id);
  if (!pending) return;
  reply.took = timers_.now() - pending->asked;
  close_when_idle();
  pending->heard(pending->query, std::move(reply));
}

void TcpAsker::close_when_idle() {
  if (in_flight_.size() > 0 || stream_ == nullptr || idle_timer_ != 0) return;
  idle_timer_ = timers_.after(kTcpIdle, [this] {
    idle_timer_ = 0;
    connected_ = false;
    stream_.reset();
  });
}

}  // namespace upstream
