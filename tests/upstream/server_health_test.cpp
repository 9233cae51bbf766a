#include "upstream/server_health.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

using namespace std::chrono_literals;
using News = ServerHealth::News;

class ServerHealthTest : public testing::Test {
 protected:
  ServerHealth health;
  dns::Time now{1000s};

  void fail_until_passed_over() {
    EXPECT_EQ(health.failed(now, now), News::none);
    EXPECT_EQ(health.failed(now, now), News::none);
    EXPECT_EQ(health.failed(now, now), News::passed_over);
  }
};

TEST_F(ServerHealthTest, WaitsTheFirstTryBeforeAnythingIsMeasured) {
  EXPECT_EQ(health.try_for(), kFirstTry);
  EXPECT_EQ(health.rank(now), 0ms);
}

TEST_F(ServerHealthTest, FollowsTheMeasuredTimeWithinItsBounds) {
  health.answered(100ms, now);
  EXPECT_EQ(health.try_for(), 300ms) << "100 and four times the first deviation, 50";
  for (int i = 0; i < 50; ++i) health.answered(1ms, now);
  EXPECT_EQ(health.try_for(), kTryLeast);
  for (int i = 0; i < 50; ++i) health.answered(i % 2 == 0 ? 100ms : 3000ms, now);
  EXPECT_EQ(health.try_for(), kTryMost);
}

TEST_F(ServerHealthTest, IsPassedOverAfterThreeFailuresInARow) {
  health.failed(now, now);
  health.failed(now, now);
  EXPECT_EQ(health.answered(5ms, now), News::none);
  fail_until_passed_over();
  EXPECT_TRUE(health.passed_over());
  EXPECT_EQ(health.failures_in_row(), 3U);
}

TEST_F(ServerHealthTest, PausesGrowAndOneQueryFindsOutAfterEach) {
  fail_until_passed_over();
  auto pause = kPauseLeast;
  for (int i = 0; i < 10; ++i) {
    now += pause - 1ms;
    EXPECT_FALSE(health.wants_probe(now));
    now += 1ms;
    EXPECT_TRUE(health.wants_probe(now));
    EXPECT_TRUE(health.passed_over()) << "until it has answered";
    health.asking(now);
    EXPECT_FALSE(health.wants_probe(now)) << "one query is enough to find out";
    EXPECT_EQ(health.failed(now, now), News::none) << "said once";
    pause = std::min(pause * 2, kPauseMost);
  }
  EXPECT_EQ(pause, kPauseMost);
}

TEST_F(ServerHealthTest, AProbeOfWhichNothingIsHeardIsSentAgain) {
  fail_until_passed_over();
  now += kPauseLeast;
  health.asking(now);
  EXPECT_TRUE(health.wants_probe(now + kTryMost));
}

TEST_F(ServerHealthTest, FailuresWhilePassedOverDoNotLengthenThePause) {
  fail_until_passed_over();
  for (int i = 0; i < 10; ++i) health.failed(now, now);
  EXPECT_TRUE(health.wants_probe(now + kPauseLeast));
}

TEST_F(ServerHealthTest, WhatFailsAllAtOnceIsOneFailure) {
  const auto asked = now;
  now += 400ms;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(health.failed(asked, now), News::none);
  EXPECT_EQ(health.failures_in_row(), 1U);
}

TEST_F(ServerHealthTest, IsBackWithItsFirstAnswer) {
  fail_until_passed_over();
  EXPECT_EQ(health.answered(5ms, now), News::back);
  EXPECT_FALSE(health.passed_over());
  fail_until_passed_over();
  EXPECT_TRUE(health.wants_probe(now + kPauseLeast)) << "the pause starts small again";
}

TEST_F(ServerHealthTest, TheRankOfAServerThatIsNotAskedImproves) {
  health.answered(80ms, now);
  EXPECT_EQ(health.rank(now), 80ms);
  EXPECT_EQ(health.rank(now + 30s), 40ms);
  EXPECT_EQ(health.rank(now + 90s), 10ms);
  EXPECT_LE(health.rank(now + 24h), 1us) << "and no shift goes too far";
}

}  // namespace
}  // namespace upstream
