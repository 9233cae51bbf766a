// The answer cache takes an answer: with room for it, and when others must go.
#include <benchmark/benchmark.h>

#include "tests/bench/known_world.h"

namespace {

constexpr std::size_t kAnswers = 50'000;

struct Answers {
  Answers() {
    for (std::size_t i = 0; i < kAnswers; ++i) {
      questions.push_back(bench::remembered_key(i));
      forms.push_back(bench::remembered_form(i));
    }
  }
  void insert(cache::AnswerCache& cache, std::size_t i) const {
    const cache::AnswerKey key = cache::AnswerKey::of(questions[i], false, false);
    cache.insert(key, forms[i], dns::Time(dns::Seconds(1)));
  }
  std::vector<dns::Question> questions;
  std::vector<cache::StoredForm> forms;
};

const Answers& answers() {
  static const Answers made;
  return made;
}

/// An empty cache fills; emptying it is not counted.
void insert(benchmark::State& state) {
  answers();
  for (auto unused : state) {
    state.PauseTiming();
    auto cache = std::make_unique<cache::AnswerCache>(std::size_t{128} << 20U);
    state.ResumeTiming();
    for (std::size_t i = 0; i < kAnswers; ++i) answers().insert(*cache, i);
    state.PauseTiming();
    if (cache->entries() != kAnswers) state.SkipWithError("some were not kept");
    cache.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kAnswers));
}

/// A full cache: each answer that comes takes the place of another.
void insert_and_evict(benchmark::State& state) {
  cache::AnswerCache cache(std::size_t{2} << 20U);
  for (std::size_t i = 0; i < kAnswers; ++i) answers().insert(cache, i);
  const auto before = cache.counters();
  std::size_t next = 0;
  for (auto unused : state) {
    answers().insert(cache, next);
    if (++next == kAnswers) next = 0;
  }
  const auto after = cache.counters();
  state.SetItemsProcessed(state.iterations());
  state.counters["evicted"] = static_cast<double>(after.evictions - before.evictions) /
                              static_cast<double>(after.inserts - before.inserts);
}

BENCHMARK(insert)->Unit(benchmark::kMillisecond);
BENCHMARK(insert_and_evict);

}  // namespace
