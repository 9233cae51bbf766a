// The catalog makes a table: the first one, and the next when one service changed.
#include <benchmark/benchmark.h>

#include "tests/bench/known_world.h"

namespace {

constexpr std::size_t kInstances = 5;

std::size_t services_of(const benchmark::State& state) {
  return static_cast<std::size_t>(state.range(0));
}

/// What the source says is there already; taking all apart again is not counted.
void build_table(benchmark::State& state) {
  for (auto unused : state) {
    state.PauseTiming();
    auto catalog = std::make_unique<cache::Catalog>(conf::Config{}.zone);
    const cache::SourceId file = catalog->add_listing_source("file");
    cache::CatalogPart part = bench::part(services_of(state), kInstances);
    state.ResumeTiming();
    catalog->set_part(file, std::move(part), dns::Time{});
    cache::CatalogSnapshot table = catalog->table(dns::Time{});
    state.PauseTiming();
    table.reset();
    catalog.reset();
    state.ResumeTiming();
  }
}

/// Service 0, whose first instance is of another weight each time.
cache::CatalogDelta delta(std::uint32_t weight) {
  cache::CatalogDelta out;
  out.services.push_back(bench::service(0, kInstances));
  out.services[0].instances[0].weight = weight;
  return out;
}

/// A source that says which service changed (etcd, another Signpost).
void change_one_service(benchmark::State& state) {
  bench::KnownWorld world(services_of(state), kInstances);
  std::uint32_t weight = 1;
  for (auto unused : state) {
    world.catalog.change_services(world.file, delta(++weight), world.now);
    world.table = world.catalog.table(world.now);
  }
}

/// A source that says everything again (a file); making what it says is not counted.
void change_one_service_of_a_whole(benchmark::State& state) {
  bench::KnownWorld world(services_of(state), kInstances);
  std::uint32_t weight = 1;
  for (auto unused : state) {
    state.PauseTiming();
    cache::CatalogPart part = bench::part(services_of(state), kInstances);
    part.services[0].instances[0].weight = ++weight;
    state.ResumeTiming();
    world.catalog.set_part(world.file, std::move(part), world.now);
    world.table = world.catalog.table(world.now);
  }
}

BENCHMARK(build_table)->Arg(1000)->Arg(20'000)->Unit(benchmark::kMillisecond);
BENCHMARK(change_one_service)->Arg(20'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(change_one_service_of_a_whole)->Arg(20'000)->Unit(benchmark::kMillisecond);

}  // namespace
