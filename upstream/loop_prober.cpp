#include "upstream/loop_prober.h"

namespace upstream {
namespace {

// As long as a client's query may take on its way round.
constexpr dns::Milliseconds kProbeFor{4500};

}  // namespace

LoopProber::LoopProber(net::Network& network, net::Timers& timers, LoopWatch& watch, Tell tell)
    : network_(network), timers_(timers), watch_(watch), tell_(std::move(tell)) {}

LoopProber::~LoopProber() {
  timers_.cancel(timer_);
}

void LoopProber::probe(ServerGroup servers) {
  servers_ = std::move(servers);
  timers_.cancel(timer_);
  probe_all();
}

void LoopProber::probe_all() {
  for (const auto& server : servers_) probe_one(*server);
  timer_ = timers_.after(kLoopProbeEvery, [this] { probe_all(); });
}

void LoopProber::probe_one(Server& server) {
  const std::uint64_t nonce = network_.random_nonce();
  UpstreamQuery query;
  query.question = {watch_.name_for(nonce), dns::Type::TXT, dns::Class::IN};
  ++server.in_flight;
  server.asker->ask(
      {query, timers_.now() + kProbeFor, [this, &server, nonce](const ServerReply& reply) {
         --server.in_flight;
         tell_(server, learn(server, nonce, reply.outcome));
       }});
}

/// Silence says nothing new, unless the probe was seen here.
LoopProber::News LoopProber::learn(const Server& server, std::uint64_t nonce, Outcome outcome) {
  const bool loops = watch_.has_arrived(nonce);
  const bool silent = outcome == Outcome::timed_out || outcome == Outcome::unreachable;
  if ((silent && !loops) || !watch_.set_looping(server.name, loops)) return News::none;
  return loops ? News::loops : News::no_longer_loops;
}

}  // namespace upstream
