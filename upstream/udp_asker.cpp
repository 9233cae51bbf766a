#include "upstream/udp_asker.h"

#include <utility>

#include "upstream/query_writer.h"
#include "upstream/reply_check.h"

namespace upstream {
namespace {

Outcome outcome_of(ReplyVerdict verdict) {
  switch (verdict) {
    case ReplyVerdict::good:
      return Outcome::answered;
    case ReplyVerdict::truncated:
      return Outcome::truncated;
    case ReplyVerdict::formerr:
      return Outcome::not_understood;
    default:
      return Outcome::bad_answer;
  }
}

}  // namespace

UdpAsker::UdpAsker(net::Network& network, net::Timers& timers, const dns::SocketAddress& server,
                   std::size_t queries_most)
    : network_(network),
      timers_(timers),
      server_(server),
      queries_most_(queries_most),
      deadlines_(
          timers, [this](FlightId id) { return in_flight_.find(id) != nullptr; },
          [this](FlightId id) { due(id); }),
      ports_(network.open_udp(server, *this)) {
  first_at_.fill(kNone);
}

UdpAsker::~UdpAsker() {
  timers_.cancel(shed_timer_);
}

void UdpAsker::ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) {
  if (in_flight_.size() >= queries_most_) shed_oldest();
  const FlightId id = in_flight_.add({query, std::move(heard), {}, deadline});
  send(id);
}

/// Leaves `port` as kNotSent where it cannot leave; `due` says so, later.
void UdpAsker::send(FlightId id) {
  Pending& pending = *in_flight_.find(id);
  pending.asked = timers_.exact_now();
  pending.id = network_.random_id();
  QueryBytes room;
  const auto sent = ports_->send(write_query(pending.query, pending.id, room));
  pending.port = sent.ok() ? sent.value() : kNotSent;
  if (!sent.ok()) why_not_sent_ = sent.error().message;
  if (sent.ok()) chain(id);
  deadlines_.add(sent.ok() ? pending.deadline : timers_.now(), id);
}

void UdpAsker::shed_oldest() {
  const FlightId oldest = in_flight_.oldest();
  unchain(oldest);
  shed_.push_back(std::move(*in_flight_.take(oldest)));
  if (shed_timer_ != 0) return;
  // Later: who asks now may be in the middle of something that this would disturb.
  shed_timer_ = timers_.after(dns::Milliseconds(0), [this] { say_shed(); });
}

void UdpAsker::say_shed() {
  shed_timer_ = 0;
  for (const Pending& pending : std::exchange(shed_, {})) {
    pending.heard(pending.query, {Outcome::timed_out, {}, "given up for newer queries", {}});
  }
}

void UdpAsker::chain(FlightId id) {
  Pending& pending = *in_flight_.find(id);
  pending.next_at_port = std::exchange(chain_of(pending.port), id);
}

void UdpAsker::unchain(FlightId id) {
  const Pending& pending = *in_flight_.find(id);
  if (pending.port == kNotSent) return;
  FlightId* at = &chain_of(pending.port);
  while (*at != id) at = &in_flight_.find(*at)->next_at_port;
  *at = pending.next_at_port;
}

std::vector<FlightId> UdpAsker::waiting_at(net::PortId port) {
  std::vector<FlightId> out;
  for (FlightId id = chain_of(port); id != kNone; id = in_flight_.find(id)->next_at_port) {
    if (in_flight_.find(id)->port == port) out.push_back(id);
  }
  return out;
}

void UdpAsker::datagram(net::PortId port, dns::WireView bytes) {
  for (FlightId id = chain_of(port); id != kNone; id = in_flight_.find(id)->next_at_port) {
    const Pending& pending = *in_flight_.find(id);
    if (pending.port != port) continue;
    const ReplyVerdict verdict = check_reply(bytes, pending.id, pending.query.question);
    if (verdict == ReplyVerdict::not_ours) continue;
    return land(id, {outcome_of(verdict), dns::Wire(bytes.begin(), bytes.end()), {}, {}});
  }
  count_mismatch(port);
}

void UdpAsker::count_mismatch(net::PortId port) {
  ++mismatches_;
  for (const FlightId id : waiting_at(port)) {
    Pending* pending = in_flight_.find(id);
    if (pending == nullptr || ++pending->mismatches < kMismatchesMost) continue;
    land(id, {Outcome::suspicious, {}, "many replies that do not match", {}});
  }
}

void UdpAsker::unreachable(net::PortId port) {
  for (const FlightId id : waiting_at(port)) {
    land(id, {Outcome::unreachable, {}, "nothing listens at " + server_.to_text(), {}});
  }
}

void UdpAsker::due(FlightId id) {
  const bool sent = in_flight_.find(id)->port != kNotSent;
  if (sent) return land(id, {Outcome::timed_out, {}, "no reply in time", {}});
  land(id, {Outcome::unreachable, {}, why_not_sent_, {}});
}

void UdpAsker::land(FlightId id, ServerReply reply) {
  if (in_flight_.find(id) == nullptr) return;
  unchain(id);
  const auto pending = in_flight_.take(id);
  reply.took = timers_.exact_now() - pending->asked;
  pending->heard(pending->query, std::move(reply));
}

}  // namespace upstream
