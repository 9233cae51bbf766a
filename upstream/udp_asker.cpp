#include "upstream/udp_asker.h"

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

UdpAsker::UdpAsker(net::Network& network, net::Timers& timers, const dns::SocketAddress& server)
    : network_(network),
      timers_(timers),
      server_(server),
      deadlines_(
          timers, [this](FlightId id) { return in_flight_.find(id) != nullptr; },
          [this](FlightId id) { due(id); }),
      ports_(network.open_udp(server, *this)) {}

void UdpAsker::ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) {
  Pending pending{query, std::move(heard), timers_.now(), 0, network_.random_id(), 0, false, {}};
  QueryBytes room;
  const auto sent = ports_->send(write_query(query, pending.id, room));
  pending.sent = sent.ok();
  if (sent.ok()) {
    pending.port = sent.value();
  } else {
    pending.failure = sent.error().message;
  }
  const net::PortId port = pending.port;
  const FlightId id = in_flight_.add(std::move(pending));
  if (sent.ok()) at_port(port).push_back(id);
  deadlines_.add(sent.ok() ? deadline : timers_.now(), id);
}

UdpAsker::Ids UdpAsker::waiting_at(net::PortId port) {
  Ids out;
  for (const FlightId id : at_port(port)) {
    if (in_flight_.find(id)->port == port) out.push_back(id);
  }
  return out;
}

void UdpAsker::datagram(net::PortId port, dns::WireView bytes) {
  for (const FlightId id : at_port(port)) {
    const Pending& pending = *in_flight_.find(id);
    if (pending.port != port) continue;
    const ReplyVerdict verdict = check_reply(bytes, pending.id, pending.query.question);
    if (verdict == ReplyVerdict::not_ours) continue;
    return land(id, {outcome_of(verdict), dns::Wire(bytes.begin(), bytes.end()), {}});
  }
  count_mismatch(port);
}

void UdpAsker::count_mismatch(net::PortId port) {
  ++mismatches_;
  for (const FlightId id : waiting_at(port)) {
    Pending* pending = in_flight_.find(id);
    if (pending == nullptr || ++pending->mismatches < kMismatchesMost) continue;
    land(id, {Outcome::suspicious, {}, "many replies that do not match"});
  }
}

void UdpAsker::unreachable(net::PortId port) {
  for (const FlightId id : waiting_at(port)) {
    land(id, {Outcome::unreachable, {}, "nothing listens at " + server_.to_text()});
  }
}

void UdpAsker::due(FlightId id) {
  const Pending& pending = *in_flight_.find(id);
  if (pending.sent) return land(id, {Outcome::timed_out, {}, "no reply in time"});
  land(id, {Outcome::unreachable, {}, pending.failure});
}

void UdpAsker::land(FlightId id, ServerReply reply) {
  const auto pending = in_flight_.take(id);
  if (!pending) return;
  if (pending->sent) std::erase(at_port(pending->port), id);
  reply.took = timers_.now() - pending->asked;
  pending->heard(pending->query, std::move(reply));
}

}  // namespace upstream
