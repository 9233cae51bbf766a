#include "cache/asked_freshness.h"

#include <gtest/gtest.h>

#include "cache/catalog.h"

namespace cache {
namespace {

using namespace std::chrono_literals;

constexpr dns::Time kStart{1000s};

/// A table with one asking source, and what it said of `time`.
class AskedFreshnessTest : public testing::Test {
 protected:
  void said(const AskedState& state) { catalog.set_asked(source, "time", "", state); }

  AskedFreshness look(dns::Time now, bool may_wait = true) {
    table = catalog.table(kStart);
    const auto name = dns::Name::from_text("time.servicediscovery.internal").value();
    const Node* node = table->find(name.view());
    return asked_freshness(*table, node ? node->service.get() : nullptr, "", now, may_wait);
  }

  /// Heard at the start, fresh for 60 s, to be refreshed from 50 s on.
  static AskedState heard() {
    AskedState state;
    state.service = Service{.name = "time", .ttl = {}, .instances = {}};
    state.service->instances.emplace_back().host = "10.0.1.7";
    state.fetched = kStart;
    state.fresh_until = kStart + 60s;
    state.refresh_at = kStart + 50s;
    return state;
  }
  static AskedState absent() {
    AskedState state = heard();
    state.service.reset();
    state.absent = true;
    return state;
  }
  /// The last try failed; the next is due at 70 s.
  static AskedState failed(AskedState state) {
    state.failed = true;
    state.why = "no answer";
    state.retry_at = kStart + 70s;
    return state;
  }

  Catalog catalog{conf::Zone{}};
  SourceId source = catalog.add_asking_source("http", std::nullopt);
  CatalogSnapshot table;
};

/// What comes of it, in one word or two.
std::string outcome(const AskedFreshness& found) {
  if (found.wait) return "wait";
  std::string out = found.failure != nullptr ? "failure"
                    : found.unheard          ? "unheard"
                    : found.stale != nullptr ? "stale"
                                             : "fresh";
  return out + (found.refresh ? ", refresh" : "");
}

TEST_F(AskedFreshnessTest, ANameNeverHeardOfIsAskedFor) {
  EXPECT_EQ(outcome(look(kStart)), "wait");
}

TEST_F(AskedFreshnessTest, AClientThatHasWaitedWaitsNoMore) {
  EXPECT_EQ(outcome(look(kStart, false)).substr(0, 7), "unheard");
}

TEST_F(AskedFreshnessTest, DataIsFreshUntilItsTime) {
  said(heard());
  EXPECT_EQ(outcome(look(kStart)), "fresh");
  EXPECT_EQ(outcome(look(kStart + 49s)), "fresh");
  EXPECT_EQ(outcome(look(kStart + 50s)), "fresh, refresh") << "refreshed ahead";
  EXPECT_EQ(outcome(look(kStart + 59s)), "fresh, refresh");
}

TEST_F(AskedFreshnessTest, DataPastItsTimeIsAskedForFirst) {
  said(heard());
  EXPECT_EQ(outcome(look(kStart + 61s)), "wait");
}

TEST_F(AskedFreshnessTest, DataWhoseRefreshFailedIsStaleOnlyPastItsTime) {
  said(failed(heard()));
  EXPECT_EQ(outcome(look(kStart + 55s)).substr(0, 5), "fresh");
  EXPECT_EQ(outcome(look(kStart + 65s)), "stale") << "not asked again before retry_at";
  EXPECT_EQ(outcome(look(kStart + 71s)).substr(0, 5), "stale");
  EXPECT_TRUE(look(kStart + 71s).refresh) << "asked again behind the answer";
}

TEST_F(AskedFreshnessTest, AbsenceHoldsUntilItsTime) {
  said(absent());
  EXPECT_EQ(outcome(look(kStart + 1s)), "fresh");
  EXPECT_EQ(outcome(look(kStart + 61s)), "wait");
}

TEST_F(AskedFreshnessTest, AFailureWithoutDataIsSaidUntilTheNextTry) {
  said(failed({}));
  const AskedFreshness found = look(kStart + 1s);
  EXPECT_EQ(outcome(found), "failure");
  EXPECT_EQ(found.failure->why, "no answer");
  EXPECT_EQ(outcome(look(kStart + 71s)), "wait");
  EXPECT_EQ(outcome(look(kStart + 71s, false)).substr(0, 7), "failure");
}

TEST_F(AskedFreshnessTest, ATableWithoutAskingSourcesIsAlwaysFresh) {
  Catalog listing{conf::Zone{}};
  listing.set_part(listing.add_listing_source("file"), {}, kStart);
  const CatalogSnapshot only = listing.table(kStart);
  EXPECT_EQ(outcome(asked_freshness(*only, nullptr, "", kStart, true)), "fresh");
}

TEST_F(AskedFreshnessTest, OfTwoSourcesOneAnswerIsEnough) {
  said(heard());
  catalog.add_asking_source("other", std::nullopt);
  const AskedFreshness found = look(kStart + 1s);
  EXPECT_EQ(found.failure, nullptr);
  EXPECT_EQ(found.stale, nullptr);
}

}  // namespace
}  // namespace cache
