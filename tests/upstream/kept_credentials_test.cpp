#include "upstream/kept_credentials.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "upstream/key_lifetime.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;
using dns::Milliseconds;

/// Answers when a test says so.
struct FakePlace final : KeyPlace {
  unsigned fetches = 0;
  Done done;

  void fetch(Done then) override {
    ++fetches;
    done = std::move(then);
  }
  void answer(KeyOutcome outcome) { std::exchange(done, nullptr)(std::move(outcome)); }
};

class KeptCredentialsTest : public ::testing::Test {
 protected:
  support::FakeClock timers;
  AwsClock clock{[this] {
    return WallTime(std::chrono::floor<std::chrono::seconds>(timers.now().time_since_epoch()));
  }};
  FakePlace* place = new FakePlace;
  KeptCredentials kept{std::unique_ptr<KeyPlace>(place), timers, clock, dns::Random(7)};
  std::vector<std::string> heard;  // ids, or errors

  AwsCredentials::Done hear() {
    return [this](const dns::Result<AwsKeys>& keys) {
      heard.push_back(keys.ok() ? keys.value().access_key_id : keys.error().message);
    };
  }
  std::string get() {
    heard.clear();
    kept.get(hear());
    return heard.empty() ? "waits" : heard.back();
  }
  KeySet set(const std::string& id, std::optional<std::chrono::seconds> lives = {}) {
    KeySet made{{id, "secret", ""}, {}, "there"};
    if (lives) made.expires = clock.now() + *lives;
    return made;
  }
};

TEST_F(KeptCredentialsTest, AreFetchedOnceForManyAskers) {
  for (int i = 0; i < 5; ++i) kept.get(hear());
  EXPECT_EQ(place->fetches, 1U);
  place->answer(set("one", 6h));
  EXPECT_EQ(heard, std::vector<std::string>(5, "one"));
  EXPECT_EQ(get(), "one");
  EXPECT_EQ(place->fetches, 1U);
}

TEST_F(KeptCredentialsTest, AreFetchedAnewBetween15And10MinutesBeforeTheirEnd) {
  get();
  place->answer(set("one", 1h));
  timers.advance(45min - 1s);
  EXPECT_EQ(place->fetches, 1U);
  timers.advance(5min + 1s);
  EXPECT_EQ(place->fetches, 2U) << "though nobody asked";
  EXPECT_EQ(get(), "one") << "nobody waits for the new ones";
  place->answer(set("two", 1h));
  EXPECT_EQ(get(), "two");
}

TEST_F(KeptCredentialsTest, AreGoodUntilTheirEndThoughTheyCannotBeFetched) {
  get();
  place->answer(set("one", 1h));
  while (timers.now() < dns::Time(100'000s + 59min)) {
    timers.advance(1s);
    if (place->done) place->answer(KeyFailure{"no", true});
  }
  EXPECT_EQ(get(), "one");
  EXPECT_GT(place->fetches, 8U);
  EXPECT_LT(place->fetches, 25U) << "1 to 36 s apart";
  timers.advance(1min);
  if (place->done) place->answer(KeyFailure{"no"});
  EXPECT_EQ(get(), "no");
}

TEST_F(KeptCredentialsTest, AreFoundAgainAfterAFailure) {
  get();
  place->answer(KeyFailure{"not there"});
  EXPECT_EQ(heard.back(), "not there");
  EXPECT_EQ(get(), "not there") << "it rests";
  EXPECT_EQ(place->fetches, 1U);
  timers.advance(1200ms);
  EXPECT_EQ(get(), "waits");
  place->answer(set("one"));
  EXPECT_EQ(heard.back(), "one");
}

TEST_F(KeptCredentialsTest, AreTriedThreeTimesWhereItMayPass) {
  EXPECT_EQ(get(), "waits");
  place->answer(KeyFailure{"busy", true});
  timers.advance(1s);
  place->answer(KeyFailure{"busy", true});
  EXPECT_TRUE(heard.empty());
  timers.advance(1s);
  place->answer(KeyFailure{"still busy", true});
  EXPECT_EQ(heard.back(), "still busy");
  EXPECT_EQ(place->fetches, 3U);
}

TEST_F(KeptCredentialsTest, ThatHaveRunOutAreNone) {
  get();
  place->answer(set("old", -1s));
  EXPECT_NE(heard.back().find("hands out keys that ran out at 1970-01-02T03:46:39Z"),
            std::string::npos)
      << heard.back();
}

TEST_F(KeptCredentialsTest, WithoutAnEndAreReadAgainWhenSomebodyAsks) {
  get();
  place->answer(set("one"));
  timers.advance(59s);
  EXPECT_EQ(get(), "one");
  timers.settle();
  EXPECT_EQ(place->fetches, 1U);
  timers.advance(1h);
  EXPECT_EQ(place->fetches, 1U) << "nobody asked";
  EXPECT_EQ(get(), "one");
  timers.settle();
  place->answer(set("two"));
  EXPECT_EQ(get(), "two");
  timers.advance(61s);
  EXPECT_EQ(get(), "two");
  timers.settle();
  place->answer(KeyFailure{"the file is gone"});
  EXPECT_EQ(get(), "two") << "what was known stays";
}

TEST_F(KeptCredentialsTest, ThatWereRefusedAreRenewedButNotInAHurry) {
  get();
  place->answer(set("one"));
  heard.clear();
  kept.renew({"one", "secret", ""}, hear());
  EXPECT_TRUE(heard.empty());
  place->answer(set("one"));
  EXPECT_EQ(heard.back(), "one");
  kept.renew({"one", "secret", ""}, hear());
  EXPECT_EQ(heard.size(), 2U);
  EXPECT_EQ(place->fetches, 2U);
  timers.advance(10s);
  kept.renew({"one", "secret", ""}, hear());
  place->answer(set("two"));
  EXPECT_EQ(heard.back(), "two");
  kept.renew({"one", "secret", ""}, hear());
  EXPECT_EQ(heard.back(), "two") << "others are there already";
  EXPECT_EQ(place->fetches, 3U);
}

TEST_F(KeptCredentialsTest, OutliveAReload) {
  get();
  place->answer(set("one"));
  auto* next_place = new FakePlace;
  KeptCredentials next(std::unique_ptr<KeyPlace>(next_place), timers, clock, dns::Random(7));
  next.adopt(kept);
  next.get(hear());
  EXPECT_EQ(heard.back(), "one");
  timers.settle();
  next_place->answer(set("two"));
  next.get(hear());
  EXPECT_EQ(heard.back(), "two") << "what was changed is seen at once";
}

TEST(KeptCredentialsEnd, MayComeFromWithinADone) {
  support::FakeClock timers;
  AwsClock clock;
  auto* place = new FakePlace;
  auto kept = std::make_unique<KeptCredentials>(std::unique_ptr<KeyPlace>(place), timers, clock,
                                                dns::Random(7));
  int told = 0;
  for (int i = 0; i < 2; ++i) {
    kept->get([&](const dns::Result<AwsKeys>&) {
      ++told;
      kept.reset();
    });
  }
  const auto done = std::exchange(place->done, nullptr);
  done(KeySet{{"one", "s", ""}, {}, "there"});
  EXPECT_EQ(told, 1);
  EXPECT_FALSE(timers.next());
}

TEST(FetchAgain, GivesShortLivesTheirHalf) {
  dns::Random random(3);
  EXPECT_EQ(fetch_again_in(15min, random), 450s);
  EXPECT_EQ(fetch_again_in(10s, random), 10s);
  EXPECT_EQ(fetch_again_in(24h * 365 * 7000, random), 24h) << "until the year 9999";
  for (int i = 0; i < 100; ++i) {
    const auto delay = fetch_again_in(6h, random);
    EXPECT_GE(delay, 6h - 15min);
    EXPECT_LE(delay, 6h - 10min);
  }
}

}  // namespace
}  // namespace upstream
