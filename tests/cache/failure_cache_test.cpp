#include "cache/failure_cache.h"

#include <gtest/gtest.h>

namespace cache {
namespace {

using namespace std::chrono_literals;

class FailureCacheTest : public testing::Test {
 protected:
  static dns::Question ask(const std::string& name, dns::Type type = dns::Type::A) {
    return {dns::Name::from_text(name).value(), type, dns::Class::IN};
  }
  void fail(const std::string& name) {
    const auto question = ask(name);
    failures.failed(AnswerKey::of(question, false, false), dns::ExtendedError::NETWORK_ERROR, now);
  }
  bool left_alone(const std::string& name, dns::Type type = dns::Type::A) {
    const auto question = ask(name, type);
    return failures.find(AnswerKey::of(question, false, false), now).has_value();
  }
  /// Fails `name` again and again, as soon as it may be asked; the pause after the last.
  dns::Seconds pause_after(int times) {
    const auto question = ask("web.example");
    const auto key = AnswerKey::of(question, false, false);
    dns::Seconds pause{0};
    for (int i = 0; i < times; ++i) {
      fail("web.example");
      pause = std::chrono::duration_cast<dns::Seconds>(failures.find(key, now)->until - now);
      now += pause;
    }
    return pause;
  }

  FailureCache failures;
  dns::Time now{1000s};
};

TEST_F(FailureCacheTest, LeavesAQuestionAloneForASecond) {
  EXPECT_FALSE(left_alone("web.example"));
  fail("web.example");
  EXPECT_TRUE(left_alone("web.example"));
  now += 999ms;
  EXPECT_TRUE(left_alone("web.example"));
  now += 1ms;
  EXPECT_FALSE(left_alone("web.example"));
}

TEST_F(FailureCacheTest, KeepsQuestionsApart) {
  fail("web.example");
  EXPECT_FALSE(left_alone("www.example"));
  EXPECT_FALSE(left_alone("web.example", dns::Type::AAAA));
}

TEST_F(FailureCacheTest, ThePauseDoublesToFiveMinutes) {
  EXPECT_EQ(pause_after(1), 1s);
  failures.forget();
  EXPECT_EQ(pause_after(4), 8s);
  failures.forget();
  EXPECT_EQ(pause_after(20), 300s);
}

TEST_F(FailureCacheTest, AnAnswerEndsTheRow) {
  EXPECT_EQ(pause_after(4), 8s);
  const auto question = ask("web.example");
  failures.answered(AnswerKey::of(question, false, false));
  EXPECT_EQ(pause_after(1), 1s);
}

TEST_F(FailureCacheTest, ForgetsAllWhenServersChange) {
  fail("web.example");
  failures.forget();
  EXPECT_FALSE(left_alone("web.example"));
}

TEST_F(FailureCacheTest, TheNewestStaysWhateverElseFails) {
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example";
    fail(name);
    ASSERT_TRUE(left_alone(name));
    now += 1ms;
  }
}

}  // namespace
}  // namespace cache
