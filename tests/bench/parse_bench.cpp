// parse: bytes to dns::Query.
#include <benchmark/benchmark.h>

#include "dnsd/dns/query.h"
#include "tests/support/records.h"

namespace {

void parse(benchmark::State& state, const dns::Wire& packet) {
  dns::Query query;
  for (auto unused : state) benchmark::DoNotOptimize(dns::parse_query(packet, query));
}

void parse_plain(benchmark::State& state) {
  parse(state, support::query("svc1.servicediscovery.internal. SRV", 7));
}

void parse_with_edns(benchmark::State& state) {
  parse(state, support::query("svc1.servicediscovery.internal. SRV", 7, true));
}

BENCHMARK(parse_plain);
BENCHMARK(parse_with_edns);

}  // namespace
