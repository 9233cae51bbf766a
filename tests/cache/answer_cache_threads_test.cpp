#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "cache/answer_cache.h"
#include "tests/support/records.h"

namespace cache {
namespace {

using namespace std::chrono_literals;

TEST(AnswerCacheThreads, ManyThreadsReadWriteAndEvictAtOnce) {
  AnswerCache answers(64 * 1024);
  const auto work = [&](int first) {
    dns::Wire room(512);
    CachedAnswer out;
    for (int i = 0; i < 2000; ++i) {
      const std::string name = "n" + std::to_string((first + i) % 700) + ".example.";
      const dns::Question question{dns::Name::from_text(name).value()};
      const auto key = AnswerKey::of(question, false, false);
      const dns::Time now{dns::Seconds(i / 100)};
      if (answers.copy(key, now, room, out) == Lookup::hit) {
        const auto wire = dns::WireView(room).first(out.size);
        ASSERT_EQ(support::question_of(wire), name + " A");
        continue;
      }
      const auto wire = support::message(name + " A", {.answer = {name + " 5 IN A 198.51.100.7"}});
      answers.insert(key, stored_form(wire, 60s), now);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, i * 150);
  for (auto& thread : threads) thread.join();
  EXPECT_LE(answers.size_bytes(), 64U * 1024);
}

}  // namespace
}  // namespace cache
