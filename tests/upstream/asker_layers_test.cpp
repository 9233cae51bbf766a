// The askers that stand on others: truncation_retry.h and edns_fallback.h.
#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/heard.h"
#include "upstream/edns_fallback.h"
#include "upstream/truncation_retry.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;

/// Records what it is asked; a test says what it hears.
class FakeAsker final : public Asker {
 public:
  struct One {
    FakeAsker& asker;
    Errand errand;
  };
  explicit FakeAsker(std::vector<One>& asked) : asked_(asked) {}
  void ask(const Errand& errand) override { asked_.push_back({*this, errand}); }
  void reply(Errand& errand, Outcome outcome) {
    ServerReply reply{outcome, {}, {}, {}};
    report(errand, reply);
  }

 private:
  std::vector<One>& asked_;
};

void reply(std::vector<FakeAsker::One>& asked, Outcome outcome) {
  auto one = asked.back();
  asked.pop_back();
  one.asker.reply(one.errand, outcome);
}

class AskerLayers : public testing::Test {
 protected:
  std::vector<FakeAsker::One> udp, tcp;
  TruncationRetry retry{std::make_unique<FakeAsker>(udp), std::make_unique<FakeAsker>(tcp)};
  support::FakeClock clock;
  EdnsFallback fallback{clock, std::make_unique<FakeAsker>(udp)};
  EdnsFallback both{clock, std::make_unique<TruncationRetry>(std::make_unique<FakeAsker>(udp),
                                                             std::make_unique<FakeAsker>(tcp))};
  support::Hearer hearer;

  void ask(Asker& asker) {
    asker.ask({support::upstream_query("web.example."), clock.now() + 1s, hearer.heard()});
  }
};

TEST_F(AskerLayers, ACutAnswerIsFetchedOverTcp) {
  for (const Outcome outcome : {Outcome::truncated, Outcome::suspicious}) {
    ask(retry);
    reply(udp, outcome);
    ASSERT_EQ(tcp.size(), 1U);
    EXPECT_EQ(tcp[0].errand.query.question.name.to_text(), "web.example.");
    reply(tcp, Outcome::answered);
    EXPECT_EQ(hearer.replies.back().outcome, Outcome::answered);
  }
  EXPECT_EQ(hearer.replies.size(), 2U);
}

TEST_F(AskerLayers, WhatTcpCannotGiveEitherIsToldAsItIs) {
  ask(retry);
  reply(udp, Outcome::truncated);
  reply(tcp, Outcome::truncated);
  EXPECT_TRUE(tcp.empty());
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::truncated);
}

TEST_F(AskerLayers, WhatTcpDoesNotUnderstandIsAskedOnceMoreFromTheStart) {
  ask(both);
  reply(udp, Outcome::truncated);
  EXPECT_TRUE(tcp.back().errand.query.edns);
  reply(tcp, Outcome::not_understood);
  ASSERT_EQ(udp.size(), 1U);
  EXPECT_FALSE(udp[0].errand.query.edns);
  reply(udp, Outcome::truncated);
  ASSERT_EQ(tcp.size(), 1U);
  EXPECT_FALSE(tcp[0].errand.query.edns);
  reply(tcp, Outcome::answered);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::answered);
  ask(both);
  EXPECT_FALSE(udp[0].errand.query.edns) << "that is remembered";
}

TEST_F(AskerLayers, WhatTcpDoesNotUnderstandWithoutEdnsIsABadAnswer) {
  ask(both);
  reply(udp, Outcome::not_understood);
  reply(udp, Outcome::truncated);
  reply(tcp, Outcome::not_understood);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::bad_answer);
  ask(both);
  EXPECT_TRUE(udp[0].errand.query.edns);
}

TEST_F(AskerLayers, AWholeAnswerOrAFailureIsNotAskedForOverTcp) {
  for (const Outcome outcome : {Outcome::answered, Outcome::bad_answer, Outcome::timed_out}) {
    ask(retry);
    reply(udp, outcome);
    EXPECT_TRUE(tcp.empty());
    EXPECT_EQ(hearer.replies.back().outcome, outcome);
  }
}

TEST_F(AskerLayers, AServerThatDoesNotUnderstandIsAskedOnceMoreWithoutEdns) {
  ask(fallback);
  EXPECT_TRUE(udp[0].errand.query.edns);
  reply(udp, Outcome::not_understood);
  ASSERT_EQ(udp.size(), 1U);
  EXPECT_FALSE(udp[0].errand.query.edns);
  reply(udp, Outcome::answered);
  EXPECT_EQ(hearer.replies.back().outcome, Outcome::answered);
}

TEST_F(AskerLayers, ThatIsRememberedForAWhileFromTheFirstAnswer) {
  ask(fallback);
  reply(udp, Outcome::not_understood);
  reply(udp, Outcome::answered);
  clock.advance(kEdnsProbeAfter - 1s);
  ask(fallback);
  EXPECT_FALSE(udp[0].errand.query.edns);
  reply(udp, Outcome::answered);
  clock.advance(1s);
  ask(fallback);
  EXPECT_TRUE(udp[0].errand.query.edns) << "it may have been renewed";
}

TEST_F(AskerLayers, WithoutEdnsNotUnderstoodIsABadAnswerAndNothingIsRemembered) {
  ask(fallback);
  reply(udp, Outcome::not_understood);
  reply(udp, Outcome::not_understood);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::bad_answer);
  ask(fallback);
  EXPECT_TRUE(udp[0].errand.query.edns);
}

}  // namespace
}  // namespace upstream
