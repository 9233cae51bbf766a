// decide, the way of a query that is answered at once: parse, look up, write the reply.
#include <benchmark/benchmark.h>

#include "tests/bench/known_world.h"

namespace {

/// Asks every query over and over.
void decide(benchmark::State& state, bench::KnownWorld& world,
            const std::vector<dns::Wire>& queries, bool tcp = false) {
  if (!bench::all_answered(world, queries)) return state.SkipWithError("not all are answered");
  std::size_t next = 0;
  for (auto unused : state) {
    benchmark::DoNotOptimize(world.decide(queries[next], tcp));
    if (++next == queries.size()) next = 0;
  }
}

/// 10,000 answers are remembered.
void decide_remembered(benchmark::State& state) {
  bench::KnownWorld world(1000, 3, 10'000);
  decide(state, world, bench::remembered_queries(10'000));
}

constexpr std::size_t kServices = 1000;

/// Services of so many instances; over UDP what does not fit 1232 bytes is cut.
void decide_srv(benchmark::State& state, bool tcp) {
  bench::KnownWorld world(kServices, static_cast<std::size_t>(state.range(0)));
  decide(state, world, bench::service_queries(kServices, "SRV", true), tcp);
}

void decide_srv_udp(benchmark::State& state) {
  decide_srv(state, false);
}

void decide_srv_tcp(benchmark::State& state) {
  decide_srv(state, true);
}

void decide_a(benchmark::State& state) {
  bench::KnownWorld world(kServices, static_cast<std::size_t>(state.range(0)));
  decide(state, world, bench::service_queries(kServices, "A"));
}

BENCHMARK(decide_remembered);
BENCHMARK(decide_srv_udp)->Arg(3)->Arg(10)->Arg(100);
BENCHMARK(decide_srv_tcp)->Arg(100);
BENCHMARK(decide_a)->Arg(3);

}  // namespace
