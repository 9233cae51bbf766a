#include "upstream/asked_names.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/fake_clock.h"
#include "upstream/back_off.h"

namespace upstream {
namespace {

using dns::Milliseconds;
using dns::Seconds;

/// What a test sees of the source that AskedNames owns.
struct Asked {
  std::vector<std::string> names;              // all that were asked for, in order
  std::vector<AskingSource::Done> unanswered;  // oldest first

  void answer(LookupOutcome outcome) {
    ASSERT_FALSE(unanswered.empty()) << "nobody asked";
    const auto done = std::move(unanswered.front());
    unanswered.erase(unanswered.begin());
    done(std::move(outcome));
  }
};

class FakeSource final : public AskingSource {
 public:
  explicit FakeSource(Asked& asked) : asked_(asked) {}
  ~FakeSource() override { asked_.unanswered.clear(); }
  void ask(const LookupKey& key, Done done) override {
    asked_.names.push_back(key.service);
    asked_.unanswered.push_back(std::move(done));
  }

 private:
  Asked& asked_;
};

LookupKey key(const std::string& name) {
  return {name, "1.0"};
}

Found found(const std::string& host, std::uint32_t ttl = 100) {
  cache::Instance instance;
  instance.id = instance.host = host;
  return {cache::Service{"calc", ttl, {instance}}, ttl};
}

const Unavailable kAway{false, "connection refused"};

class AskedNamesTest : public ::testing::Test {
 protected:
  support::FakeClock clock;
  Asked asked;
  std::map<LookupKey, cache::AskedState> published;  // the last of each name
  int publications = 0;
  int answered = 0;  // queries that had waited
  std::unique_ptr<AskedNames> names;

  void open(const AskedNamesLimits& limits = {}) {
    names = std::make_unique<AskedNames>(
        std::make_unique<FakeSource>(asked), clock, dns::Random(7), Seconds(2),
        [this](const LookupKey& name, cache::AskedState state) {
          published[name] = std::move(state);
          ++publications;
        },
        limits);
  }
  void SetUp() override { open(); }

  void consult(const std::string& name) {
    names->consult(key(name), [this] { ++answered; });
  }
  /// Answers the oldest fetch, and lets those who waited look.
  void answer(LookupOutcome outcome) {
    asked.answer(std::move(outcome));
    clock.settle();
  }
  /// Consults a name and answers the fetch.
  void learn(const std::string& name, LookupOutcome outcome) {
    consult(name);
    answer(std::move(outcome));
  }
  const cache::AskedState& state(const std::string& name = "calc") { return published[key(name)]; }
};

TEST_F(AskedNamesTest, OneFetchServesManyAskers) {
  for (int i = 0; i < 5; ++i) consult("calc");
  EXPECT_EQ(asked.names, std::vector<std::string>{"calc"});
  EXPECT_EQ(answered, 0);
  answer(found("10.0.0.1"));
  EXPECT_EQ(answered, 5);
  EXPECT_EQ(publications, 1);
}

TEST_F(AskedNamesTest, PublishesBeforeTheQueriesLook) {
  bool known = false;
  names->consult(key("calc"), [&] { known = state().service.has_value(); });
  answer(found("10.0.0.1"));
  EXPECT_TRUE(known);
}

TEST_F(AskedNamesTest, KeepsAServiceForItsTtlAndWantsItFreshBeforeThat) {
  learn("calc", found("10.0.0.1", 100));
  const dns::Time now = clock.now();
  EXPECT_EQ(state().service->instances[0].host, "10.0.0.1");
  EXPECT_EQ(state().fetched, now);
  EXPECT_EQ(state().fresh_until, now + Seconds(100));
  EXPECT_GE(state().refresh_at, now + Seconds(80));
  EXPECT_LE(state().refresh_at, now + Seconds(90));
  EXPECT_FALSE(state().failed);
}

TEST_F(AskedNamesTest, RefreshesOfDifferentNamesAreSpread) {
  std::map<dns::Time, int> moments;
  for (int i = 0; i < 50; ++i) {
    learn("name" + std::to_string(i), found("10.0.0.1", 100));
    ++moments[state("name" + std::to_string(i)).refresh_at];
  }
  EXPECT_GT(moments.size(), 30U);
}

TEST_F(AskedNamesTest, KeepsATtlOfNothingForASecond) {
  learn("calc", found("10.0.0.1", 0));
  EXPECT_EQ(state().fresh_until, clock.now() + Seconds(1));
}

TEST_F(AskedNamesTest, AsksNobodyWhileTheAnswerIsFresh) {
  learn("calc", found("10.0.0.1"));
  consult("calc");
  EXPECT_EQ(answered, 1) << "done was called before consult() returned";
  clock.settle();
  EXPECT_EQ(answered, 2);
  EXPECT_EQ(asked.names.size(), 1U);
}

TEST_F(AskedNamesTest, AsksAgainWhenAQueryComesAfterTheTtl) {
  learn("calc", found("10.0.0.1", 100));
  clock.advance(Seconds(101));
  EXPECT_EQ(asked.names.size(), 1U) << "nobody asked for the name";
  learn("calc", found("10.0.0.2", 100));
  EXPECT_EQ(state().service->instances[0].host, "10.0.0.2");
}

TEST_F(AskedNamesTest, AHintRefreshesOnceItIsTime) {
  learn("calc", found("10.0.0.1", 100));
  names->refresh(key("calc"));
  EXPECT_EQ(asked.names.size(), 1U) << "it is not yet time";
  clock.advance(Seconds(91));
  names->refresh(key("calc"));
  names->refresh(key("calc"));
  EXPECT_EQ(asked.names.size(), 2U);
}

TEST_F(AskedNamesTest, AHintOfAnUnknownNameFetchesIt) {
  names->refresh(key("calc"));
  EXPECT_EQ(asked.names.size(), 1U);
}

TEST_F(AskedNamesTest, AnAbsentNameIsAbsentForTheNegativeTtl) {
  learn("calc", Absent{});
  EXPECT_TRUE(state().absent);
  EXPECT_EQ(state().fresh_until, clock.now() + Seconds(2));
  consult("calc");
  EXPECT_EQ(asked.names.size(), 1U);
  clock.advance(Seconds(2));
  consult("calc");
  EXPECT_EQ(asked.names.size(), 2U);
}

TEST_F(AskedNamesTest, AServiceThatIsGoneIsForgotten) {
  learn("calc", found("10.0.0.1", 10));
  clock.advance(Seconds(11));
  learn("calc", Absent{});
  EXPECT_TRUE(state().absent);
  EXPECT_FALSE(state().service);
}

TEST_F(AskedNamesTest, AFailureKeepsWhatThereWas) {
  learn("calc", found("10.0.0.1", 10));
  const dns::Time fetched = clock.now();
  clock.advance(Seconds(11));
  learn("calc", kAway);
  EXPECT_EQ(state().service->instances[0].host, "10.0.0.1");
  EXPECT_EQ(state().fetched, fetched);
  EXPECT_TRUE(state().failed);
  EXPECT_FALSE(state().connected);
  EXPECT_EQ(state().why, "connection refused");
}

TEST_F(AskedNamesTest, AFailureOfANameNeverHeardIsPublishedToo) {
  learn("calc", Unavailable{true, "HTTP 500"});
  EXPECT_FALSE(state().service);
  EXPECT_FALSE(state().absent);
  EXPECT_TRUE(state().failed && state().connected);
}

TEST_F(AskedNamesTest, ASourceThatFailedIsLeftAloneForAWhile) {
  learn("calc", kAway);
  consult("calc");
  names->refresh(key("calc"));
  clock.settle();
  EXPECT_EQ(asked.names.size(), 1U);
  EXPECT_EQ(answered, 2) << "the query has all that it can get";
  clock.advance(Milliseconds(1200));
  consult("calc");
  EXPECT_EQ(asked.names.size(), 2U);
}

TEST_F(AskedNamesTest, EachFailureDoublesTheWait) {
  std::vector<long> waits;
  for (int i = 0; i < 7; ++i) {
    learn("calc", kAway);
    waits.push_back((state().retry_at - clock.now()) / Seconds(1));
    clock.advance(Seconds(37));
  }
  EXPECT_EQ(waits[0], 1);
  EXPECT_EQ(waits[1], 2);
  EXPECT_EQ(waits[2], 4);
  EXPECT_GE(waits[6], 30);
  EXPECT_LE(waits[6], 36);
}

TEST_F(AskedNamesTest, AGoodAnswerEndsTheFailure) {
  learn("calc", kAway);
  clock.advance(Seconds(2));
  learn("calc", kAway);
  clock.advance(Seconds(3));
  learn("calc", found("10.0.0.1", 1));
  EXPECT_FALSE(state().failed);
  EXPECT_EQ(state().why, "");
  clock.advance(Seconds(2));
  learn("calc", kAway);
  EXPECT_LE(state().retry_at, clock.now() + Milliseconds(1200));
}

TEST_F(AskedNamesTest, ConfiguredNamesAreFetchedAtStartAndKeptFresh) {
  names->start({key("calc"), key("time")});
  EXPECT_EQ(asked.names, (std::vector<std::string>{"calc", "time"}));
  answer(found("10.0.0.1", 100));
  answer(found("10.0.0.2", 100));
  clock.advance(Seconds(79));
  EXPECT_EQ(asked.names.size(), 2U);
  clock.advance(Seconds(11));
  EXPECT_EQ(asked.names.size(), 4U);
}

TEST_F(AskedNamesTest, ConfiguredNamesAreTriedAgainWithoutAQuery) {
  names->start({key("calc")});
  for (std::size_t tries = 1; tries < 8; ++tries) {
    EXPECT_EQ(asked.names.size(), tries);
    answer(kAway);
    clock.advance(Seconds(36));
  }
}

TEST_F(AskedNamesTest, AConfiguredNameThatIsAbsentIsLookedForEverLessOften) {
  names->start({key("calc")});
  const dns::Time began = clock.now();
  while (clock.now() < began + Seconds(300)) {
    while (!asked.unanswered.empty()) answer(Absent{});
    clock.advance(Milliseconds(100));
  }
  EXPECT_GE(asked.names.size(), 10U);
  EXPECT_LE(asked.names.size(), 16U);
}

TEST_F(AskedNamesTest, EachFetchOfAConfiguredNameSetsOneTimer) {
  names->start({key("calc")});
  answer(found("10.0.0.1", 100));
  clock.advance(Milliseconds(79'000));
  EXPECT_TRUE(clock.next());
  clock.advance(Seconds(10));
  answer(found("10.0.0.1", 100));
  clock.advance(Seconds(79));
  EXPECT_EQ(asked.names.size(), 2U) << "an old timer was left behind";
}

TEST_F(AskedNamesTest, OnlySoManyFetchesAreInFlight) {
  open({.names = 10, .in_flight = 2, .waiting = 10});
  for (const char* name : {"a", "b", "c", "d"}) consult(name);
  EXPECT_EQ(asked.names, (std::vector<std::string>{"a", "b"}));
  answer(found("10.0.0.1"));
  EXPECT_EQ(asked.names, (std::vector<std::string>{"a", "b", "c"}));
}

TEST_F(AskedNamesTest, TheOneThatWaitsLongestIsGivenUpWhenTooManyWait) {
  open({.names = 10, .in_flight = 1, .waiting = 2});
  for (const char* name : {"a", "b", "c"}) consult(name);
  EXPECT_EQ(publications, 0);
  consult("d");
  clock.settle();
  EXPECT_EQ(answered, 1);
  EXPECT_TRUE(state("b").failed);
  EXPECT_EQ(state("b").why, "more than 2 names wait to be looked up");
  for (int i = 0; i < 3; ++i) answer(found("10.0.0.1"));
  EXPECT_EQ(asked.names, (std::vector<std::string>{"a", "c", "d"}));
}

TEST_F(AskedNamesTest, ConfiguredNamesAreNotGivenUp) {
  open({.names = 10, .in_flight = 1, .waiting = 1});
  names->start({key("a"), key("b"), key("c"), key("d")});
  for (int i = 0; i < 4; ++i) answer(found("10.0.0.1"));
  EXPECT_EQ(asked.names, (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST_F(AskedNamesTest, TheLongestUnusedNameIsForgottenWhenThereAreTooMany) {
  open({.names = 2, .in_flight = 64, .waiting = 10});
  learn("a", found("10.0.0.1"));
  learn("b", found("10.0.0.1"));
  consult("a");
  learn("c", found("10.0.0.1"));
  EXPECT_TRUE(state("a").service);
  EXPECT_FALSE(state("b").service || state("b").failed || state("b").absent);
  EXPECT_TRUE(state("c").service);
}

TEST_F(AskedNamesTest, AFloodOfAbsentNamesPushesOutNoService) {
  open({.names = 2, .in_flight = 64, .waiting = 10});
  learn("calc", found("10.0.0.1"));
  for (int i = 0; i < 10; ++i) learn("flood" + std::to_string(i), Absent{});
  EXPECT_TRUE(state().service);
  EXPECT_FALSE(state("flood0").absent);
}

TEST_F(AskedNamesTest, ConfiguredNamesAreNeverForgotten) {
  open({.names = 1, .in_flight = 64, .waiting = 10});
  names->start({key("a"), key("b")});
  answer(Absent{});
  answer(Absent{});
  learn("c", found("10.0.0.1"));
  EXPECT_TRUE(state("a").absent && state("b").absent);
}

TEST_F(AskedNamesTest, AnAbsentNameIsForgottenAfterAMinuteOrTwo) {
  learn("a", Absent{});
  learn("b", found("10.0.0.1", 10));
  clock.advance(Seconds(125));
  EXPECT_FALSE(state("a").absent);
  EXPECT_TRUE(state("b").service) << "a service is kept, for when the source is away";
}

TEST_F(AskedNamesTest, IsSilentOnceDestroyed) {
  names->start({key("a")});
  answer(found("10.0.0.1", 10));
  consult("b");
  consult("a");
  publications = answered = 0;
  names.reset();
  clock.advance(Seconds(300));
  EXPECT_EQ(publications + answered, 0);
  EXPECT_FALSE(clock.next()) << "a timer was left behind";
}

TEST(BackOff, IsASecondAtFirstAndHalfAMinuteAtMost) {
  dns::Random random(1);
  for (unsigned failures = 1; failures < 200; ++failures) {
    const auto delay = back_off(failures, random);
    EXPECT_GE(delay, Milliseconds(1'000));
    EXPECT_LE(delay, Milliseconds(36'000));
  }
}

// ---- the mass change guard

class AskedNamesGuard : public AskedNamesTest {
 protected:
  void learn(int count) {
    for (int i = 0; i < count; ++i) {
      consult("s" + std::to_string(i));
      answer(found("10.0.0." + std::to_string(i + 1)));
    }
  }
  /// The time for a refresh has come: the catalog says that `name` is not there.
  void vanish(const std::string& name) {
    names->refresh(key(name));
    answer(Absent{});
  }
  std::size_t standing() const {
    return static_cast<std::size_t>(std::count_if(
        published.begin(), published.end(), [](const auto& one) { return !!one.second.service; }));
  }
  void wait(int seconds) { clock.advance(Seconds(seconds)); }
};

TEST_F(AskedNamesGuard, NamesThatVanishTogetherAreHeldAsTheyWere) {
  learn(10);
  wait(95);
  for (int i = 0; i < 8; ++i) vanish("s" + std::to_string(i));
  EXPECT_EQ(standing(), 2U) << "eight of ten may go";
  vanish("s8");
  EXPECT_EQ(standing(), 10U);
  EXPECT_EQ(names->held(), 9U);
  const cache::AskedState& held = published[key("s0")];
  EXPECT_TRUE(held.failed && held.fresh_until <= clock.now()) << "marked as stale";
  EXPECT_EQ(held.why, "9 of 10 known names turned 404: held until that is seen twice more");
}

TEST_F(AskedNamesGuard, TwiceMoreIsBelieved) {
  learn(5);
  wait(95);
  for (int i = 0; i < 5; ++i) vanish("s" + std::to_string(i));
  EXPECT_EQ(standing(), 5U);
  for (int round = 0; round < 2; ++round) {
    wait(3);
    for (int i = 0; i < 5; ++i) vanish("s" + std::to_string(i));
  }
  EXPECT_EQ(standing(), 0U);
  EXPECT_EQ(names->held(), 0U);
}

TEST_F(AskedNamesGuard, WhatIsBackIsFreshAgain) {
  learn(5);
  wait(95);
  for (int i = 0; i < 5; ++i) vanish("s" + std::to_string(i));
  wait(3);
  names->refresh(key("s0"));
  answer(found("10.0.0.1"));
  EXPECT_FALSE(published[key("s0")].failed);
  EXPECT_EQ(names->held(), 4U);
}

TEST_F(AskedNamesGuard, OneByOneOverTimeIsNoMassChange) {
  learn(5);
  for (int i = 0; i < 5; ++i) {
    wait(120);
    vanish("s" + std::to_string(i));
  }
  EXPECT_EQ(standing(), 0U);
}

TEST_F(AskedNamesGuard, AFewNamesMayAllGo) {
  learn(4);
  wait(95);
  for (int i = 0; i < 4; ++i) vanish("s" + std::to_string(i));
  EXPECT_EQ(standing(), 0U);
}

}  // namespace
}  // namespace upstream
