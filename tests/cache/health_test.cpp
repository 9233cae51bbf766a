#include "cache/health.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace cache {
namespace {

using namespace std::chrono_literals;

class Health : public testing::Test {
 protected:
  conf::Health rules;  // slow start 30 s, data is good for 5 min
  conf::Probe probe;   // every 10 s, rise 2, fall 3
  dns::Time now{1h};
  std::optional<InstanceHealth> one;

  void there(Status word = Status::healthy) { one.emplace(word, false, now); }
  void joins(Status word = Status::healthy) { one.emplace(word, true, now); }
  void wait(dns::Milliseconds time) { now += time; }
  void good(int times = 1) { seen({true, ""}, times); }
  void bad(int times = 1) { seen({false, "connect: connection refused"}, times); }
  void says(Status word) { one->told(word, now, rules, now); }

  double factor() const { return one->verdict(rules, now).factor; }
  HealthState state() const { return one->verdict(rules, now).state; }
  std::string why() const { return one->verdict(rules, now).why; }

 private:
  void seen(const ProbeResult& result, int times) {
    for (int i = 0; i < times; ++i) {
      wait(probe.interval);
      one->probed(result, probe, rules, now);
    }
  }
};

TEST_F(Health, TheCatalogsWordCounts) {
  for (const Status word : {Status::healthy, Status::unknown}) {
    there(word);
    EXPECT_EQ(factor(), 1);
    EXPECT_EQ(state(), HealthState::up);
  }
  there(Status::unhealthy);
  EXPECT_EQ(factor(), 0);
  EXPECT_FALSE(std::signbit(factor())) << "people read it";
  EXPECT_EQ(state(), HealthState::out);
}

TEST_F(Health, AProbeOutweighsTheCatalogsWord) {
  there(Status::healthy);
  bad(3);
  EXPECT_EQ(factor(), 0);
  there(Status::unhealthy);
  good(2);
  wait(rules.slow_start);
  EXPECT_EQ(factor(), 1);
  EXPECT_EQ(state(), HealthState::up);
}

TEST_F(Health, ItFallsWithFallBadProbesInARowAndNotBefore) {
  there();
  bad(2);
  EXPECT_EQ(factor(), 1);
  good();
  bad(2);
  EXPECT_EQ(factor(), 1);
  EXPECT_EQ(why(), "probe failed 2 times, last \"connect: connection refused\"");
  bad();
  EXPECT_EQ(factor(), 0);
  EXPECT_EQ(why(), "probe failed 3 times, last \"connect: connection refused\"");
  EXPECT_EQ(one->verdict(rules, now).seen, now);
}

TEST_F(Health, ItComesBackWithRiseGoodProbesInARow) {
  there();
  bad(3);
  good();
  EXPECT_EQ(factor(), 0);
  EXPECT_EQ(why(),
            "probe good 1 of 2 times to come back, last failed \"connect: connection refused\"");
  bad();
  good();
  EXPECT_EQ(factor(), 0);
  good();
  EXPECT_EQ(factor(), 0.1);
}

TEST_F(Health, WhoTurnsHealthyRampsFromATenthInEvenSteps) {
  there();
  bad(3);
  good(2);
  EXPECT_EQ(state(), HealthState::ramping);
  double before = 0;
  for (int steps = 0; one->verdict(rules, now).changes_at != dns::Time::max(); ++steps) {
    const double after = factor();
    EXPECT_LE(after - before, 0.1 + 1e-9);
    EXPECT_GE(after, before);
    before = after;
    now = one->verdict(rules, now).changes_at;
    ASSERT_LT(steps, 100);
  }
  EXPECT_EQ(factor(), 1);
  EXPECT_EQ(state(), HealthState::up);
}

TEST_F(Health, HalfwayThroughSlowStartItHasHalfOfTheRest) {
  there();
  bad(3);
  good(2);
  wait(15s);
  EXPECT_NEAR(factor(), 0.55, 0.011);
  EXPECT_EQ(why(), "slow start at 55 %; probe good");
  good();  // ten seconds on, and no new beginning
  EXPECT_NEAR(factor(), 0.85, 0.011);
}

TEST_F(Health, SlowStartOfZeroIsNone) {
  rules.slow_start = 0ms;
  there();
  bad(3);
  good(2);
  EXPECT_EQ(factor(), 1);
  joins();
  EXPECT_EQ(factor(), 1);
}

TEST_F(Health, WhatIsThereAtTheStartDoesNotRamp) {
  there();
  EXPECT_EQ(factor(), 1);
  good();
  EXPECT_EQ(factor(), 1);
}

TEST_F(Health, ANewWordOfTheCatalogRampsToo) {
  there(Status::unhealthy);
  wait(1s);
  says(Status::healthy);
  EXPECT_EQ(factor(), 0.1);
  wait(rules.slow_start);
  EXPECT_EQ(factor(), 1);
  EXPECT_TRUE(one->is_plain(rules, now));
}

TEST_F(Health, WhoJoinsRampsAndIsOutWithItsFirstBadProbe) {
  joins();
  EXPECT_EQ(factor(), 0.1);
  bad();
  EXPECT_EQ(factor(), 0);
  joins();
  good();
  EXPECT_GT(factor(), 0.3);
  bad(2);
  EXPECT_GT(factor(), 0) << "once seen good it has `fall` of them like all others";
}

TEST_F(Health, FlappingTakesTwiceAsLongEachTime) {
  there();
  unsigned expected = probe.rise;
  for (int fall = 1; fall <= 7; ++fall) {
    bad(3);
    unsigned needed = 0;
    while (factor() == 0) {
      wait(1s);  // quicker than the interval: all falls within ten minutes
      one->probed({true, ""}, probe, rules, now);
      ASSERT_LT(++needed, 1000U);
    }
    EXPECT_EQ(needed, expected) << "fall " << fall;
    expected = std::min(2 * expected, 16 * probe.rise);
  }
}

TEST_F(Health, OldFallsAreForgotten) {
  rules.max_age = 1h;
  there();
  bad(3);
  good(2);
  bad(3);
  wait(10min);
  good();
  EXPECT_EQ(factor(), 0);
  good();
  EXPECT_GT(factor(), 0) << "rise, as for a first fall";
}

TEST_F(Health, OldBadNewsIsNoNews) {
  there();
  bad(3);
  wait(rules.max_age);
  EXPECT_EQ(factor(), 0);
  wait(rules.max_age / 2);
  EXPECT_NEAR(factor(), 0.5, 0.011);
  EXPECT_EQ(state(), HealthState::fading);
  wait(rules.max_age / 2);
  EXPECT_EQ(factor(), 1);
}

TEST_F(Health, AnOldWordOfTheCatalogFadesToo) {
  there(Status::unhealthy);
  wait(rules.max_age + rules.max_age / 4);
  EXPECT_NEAR(factor(), 0.25, 0.011);
  says(Status::unhealthy);
  EXPECT_EQ(factor(), 0) << "said anew";
}

TEST_F(Health, OldProbesGiveWayToTheCatalogsWord) {
  there(Status::unhealthy);
  good(2);
  wait(rules.slow_start);
  ASSERT_EQ(factor(), 1);
  wait(2 * rules.max_age);
  says(Status::unhealthy);
  EXPECT_EQ(factor(), 0);
}

TEST_F(Health, ItSaysWhenItChangesByItself) {
  there();
  EXPECT_EQ(one->verdict(rules, now).changes_at, dns::Time::max());
  bad(3);
  const auto change = one->verdict(rules, now).changes_at;
  EXPECT_GT(change, now + rules.max_age);
  EXPECT_LE(change, now + rules.max_age + rules.max_age / 10);
  now = change;
  EXPECT_GT(factor(), 0);
}

TEST_F(Health, AGoodProbeAfterALongRestRemovesNobody) {
  there();
  bad(3);
  wait(2 * rules.max_age);
  ASSERT_EQ(factor(), 1);
  good();
  EXPECT_EQ(factor(), 1);
  there();
  bad(3);
  wait(2 * rules.max_age);
  bad(2);
  EXPECT_EQ(factor(), 1) << "`fall` of them, as at first";
}

/// Whatever happens, in whatever order.
TEST_F(Health, TheFactorIsAlwaysFromZeroToOneAndBecomesOneWithAge) {
  std::mt19937 random(20261123);
  const auto draw = [&](unsigned below) { return random() % below; };
  for (int life = 0; life < 300; ++life) {
    rules.slow_start = dns::Milliseconds(draw(2) * draw(100'000));
    rules.max_age = dns::Milliseconds(1'000 + draw(600'000));
    probe.rise = 1 + draw(5);
    probe.fall = 1 + draw(5);
    one.emplace(Status(draw(3)), draw(2) == 0, now);
    for (int event = 0; event < 60; ++event) {
      wait(dns::Milliseconds(draw(draw(4) == 0 ? 1'000'000 : 20'000)));
      if (draw(4) == 0) {
        says(Status(draw(3)));
      } else {
        one->probed({draw(2) == 0, "fault"}, probe, rules, now);
      }
      const auto verdict = one->verdict(rules, now);
      ASSERT_GE(verdict.factor, 0);
      ASSERT_LE(verdict.factor, 1);
      ASSERT_GT(verdict.changes_at, now);
      ASSERT_EQ(verdict.state == HealthState::out, verdict.factor == 0);
    }
    wait(2 * rules.max_age + rules.slow_start);
    ASSERT_EQ(factor(), 1) << "nothing heard for so long";
    ASSERT_EQ(one->verdict(rules, now).changes_at, dns::Time::max());
  }
}

}  // namespace
}  // namespace cache
