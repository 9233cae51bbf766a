#include "upstream/udp_asker.h"

#include <utility>

#include "upstream/query_writer.h"

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

void UdpAsker::ask(const Errand& errand) {
  if (in_flight_.size() >= queries_most_) shed_oldest();
  send(in_flight_.add({errand}));
}

/// Leaves `port` as kNotSent where it cannot leave; `due` says so, later.
void UdpAsker::send(FlightId id) {
  Pending& pending = *in_flight_.find(id);
  pending.asked = timers_.exact_now();
  pending.id = network_.random_id();
  pending.letters = LetterCase(echo_.mixes(timers_.now()) ? network_.random_letters() : 0);
  pending.again_at = dns::Time::max();
  QueryBytes room;
  const auto sent =
      ports_->send(write_query(pending.errand.query, pending.id, room, pending.letters));
  pending.port = sent.ok() ? sent.value() : kNotSent;
  if (!sent.ok()) why_not_sent_ = sent.error().message;
  if (sent.ok()) chain(id);
  deadlines_.add(sent.ok() ? pending.errand.deadline : timers_.now(), id);
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
  for (Pending& pending : std::exchange(shed_, {})) {
    ServerReply reply{Outcome::timed_out, {}, "given up for newer queries", {}};
    reply.took = timers_.exact_now() - pending.asked;
    report(pending.errand, reply);
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

void UdpAsker::datagram(net::PortId port, dns::WireSpan bytes) {
  for (FlightId id = chain_of(port); id != kNone; id = in_flight_.find(id)->next_at_port) {
    const Pending& pending = *in_flight_.find(id);
    if (pending.port != port) continue;
    const ReplyVerdict verdict =
        check_reply(bytes, pending.id, pending.errand.query.question, pending.letters);
    if (verdict == ReplyVerdict::wrong_case) return wrong_case(id, bytes);
    if (verdict != ReplyVerdict::not_ours) return take(id, verdict, bytes);
  }
  count_mismatch(port);
}

void UdpAsker::take(FlightId id, ReplyVerdict verdict, dns::WireSpan bytes) {
  const Pending& pending = *in_flight_.find(id);
  if (verdict == ReplyVerdict::good && pending.letters.mixed()) {
    echo_.echoed();
    restore_case(bytes, pending.errand.query.question.name, pending.letters);
  }
  land(id, {outcome_of(verdict), bytes, {}, {}});
}

/// Forged, or of a server that does not echo the case. Of a query at which others
/// were guessing it is taken for forged.
void UdpAsker::wrong_case(FlightId id, dns::WireSpan bytes) {
  Pending& pending = *in_flight_.find(id);
  ++mismatches_;
  ++wrong_cases_;
  ++pending.wrong_cases;
  if (too_many(id) || pending.mismatches > pending.wrong_cases) return;
  if (echo_.missed(timers_.now())) {
    pending.letters = {};
    return take(id, check_reply(bytes, pending.id, pending.errand.query.question), bytes);
  }
  pending.again_at = timers_.now() + kCaseWait;
  deadlines_.add(pending.again_at, id);
}

/// One more mismatch for it; true: it has landed, and may be asked over TCP.
bool UdpAsker::too_many(FlightId id) {
  if (++in_flight_.find(id)->mismatches < kMismatchesMost) return false;
  land(id, {Outcome::suspicious, {}, "many replies that do not match", {}});
  return true;
}

void UdpAsker::count_mismatch(net::PortId port) {
  ++mismatches_;
  for (const FlightId id : waiting_at(port)) {
    if (in_flight_.find(id) != nullptr) too_many(id);
  }
}

void UdpAsker::unreachable(net::PortId port) {
  for (const FlightId id : waiting_at(port)) {
    land(id, {Outcome::unreachable, {}, "nothing listens at " + server_.to_text(), {}});
  }
}

void UdpAsker::due(FlightId id) {
  const Pending& pending = *in_flight_.find(id);
  const dns::Time now = timers_.now();
  if (pending.port == kNotSent) return land(id, {Outcome::unreachable, {}, why_not_sent_, {}});
  if (now >= pending.errand.deadline)
    return land(id, {Outcome::timed_out, {}, "no reply in time", {}});
  if (now < pending.again_at) return;  // of a sending that is over
  unchain(id);
  send(id);
}

void UdpAsker::land(FlightId id, ServerReply reply) {
  if (in_flight_.find(id) == nullptr) return;
  unchain(id);
  auto pending = in_flight_.take(id);
  reply.took = timers_.exact_now() - pending->asked;
  report(pending->errand, reply);
}

}  // namespace upstream
