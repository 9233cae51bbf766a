#include "cache/mass_change_guard.h"

#include <gtest/gtest.h>

#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

/// `time 10.0.0.1:80` and so on: `count` instances of `name`.
std::string some(const std::string& name, int count) {
  std::string text;
  for (int i = 1; i <= count; ++i) text += name + " 10.0.0." + std::to_string(i) + ":80\n";
  return text;
}

class MassChange : public testing::Test {
 protected:
  std::optional<MassChangeGuard> guard;
  SourceKnowledge stands;
  std::vector<std::string> said;

  void SetUp() override { guard.emplace(80U); }

  /// A refresh; what stands after it as `time:10 calc:2 records:1`, with `!` where it is held.
  std::string refresh(const std::string& text) {
    CatalogPart part = support::part_of(text);
    said = guard->admit(part, [this] { return stands; });
    stands = {};
    std::string seen;
    for (const Service& service : part.services) {
      stands.services.push_back(std::make_shared<const Service>(service));
      seen += service.name + ":" + std::to_string(service.instances.size()) +
              (service.held.empty() ? " " : "! ");
    }
    stands.records = part.records;
    return seen + "records:" + std::to_string(part.records.size());
  }
};

TEST_F(MassChange, ALossOfMoreThanItsShareIsHeldUntilItIsSeenTwiceMore) {
  refresh(some("time", 10) + some("calc", 20));
  EXPECT_EQ(refresh(some("time", 1) + some("calc", 20)), "calc:20 time:10! records:0");
  EXPECT_EQ(said, std::vector<std::string>{
                      "time would go from 10 to 1: held until that is seen twice more"});
  EXPECT_EQ(refresh(some("time", 1) + some("calc", 20)), "calc:20 time:10! records:0");
  EXPECT_TRUE(said.empty()) << "said once";
  EXPECT_EQ(guard->held(), 1U);
  EXPECT_EQ(refresh(some("time", 1) + some("calc", 20)), "time:1 calc:20 records:0");
  EXPECT_EQ(guard->held(), 0U);
}

TEST_F(MassChange, ALossOfItsShareIsTaken) {
  refresh(some("time", 10) + some("calc", 20));
  EXPECT_EQ(refresh(some("time", 2) + some("calc", 20)), "time:2 calc:20 records:0");
}

TEST_F(MassChange, AServiceThatVanishesIsHeldToo) {
  refresh(some("time", 5) + some("calc", 20));
  EXPECT_EQ(refresh(some("calc", 20)), "calc:20 time:5! records:0");
}

TEST_F(MassChange, ASmallServiceComesAndGoes) {
  refresh(some("time", 4) + some("calc", 20));
  EXPECT_EQ(refresh(some("calc", 20)), "calc:20 records:0");
}

TEST_F(MassChange, WhatCameBackMeanwhileIsNoLoss) {
  refresh(some("time", 10) + some("calc", 20));
  refresh(some("calc", 20));
  refresh(some("calc", 20));
  EXPECT_EQ(refresh(some("time", 9) + some("calc", 20)), "time:9 calc:20 records:0");
  EXPECT_EQ(refresh(some("calc", 20)), "calc:20 time:9! records:0") << "counted anew";
}

TEST_F(MassChange, InstancesThatWereReplacedAreNoLoss) {
  refresh(some("time", 10) + some("calc", 20));
  std::string others;
  for (int i = 1; i <= 10; ++i) others += "time 10.9.9." + std::to_string(i) + ":80\n";
  EXPECT_EQ(refresh(others + some("calc", 20)), "time:10 calc:20 records:0");
}

TEST_F(MassChange, TheWholeZoneIsHeldHoweverSmall) {
  const std::string records = "= web.z. 5 IN A 198.51.100.7\n";
  refresh(some("time", 1) + records);
  EXPECT_EQ(refresh(""), "time:1! records:1");
  EXPECT_EQ(refresh(""), "time:1! records:1");
  EXPECT_EQ(refresh(""), "records:0");
}

TEST_F(MassChange, MostOfTheZoneIsHeldAsAWholeAndThenBelievedAsAWhole) {
  std::string all, one = some("a0", 2);
  for (int i = 0; i < 10; ++i) all += some("a" + std::to_string(i), 2);
  const std::string before = refresh(all);
  EXPECT_NE(refresh(one), before);
  EXPECT_EQ(said,
            std::vector<std::string>{"all of it would go from 20 to 2: held until that is seen "
                                     "twice more"});
  refresh(one);
  EXPECT_EQ(refresh(one), "a0:2 records:0");
}

TEST_F(MassChange, WhatWasKnownBeforeARestartIsGuarded) {
  for (const Service& service : support::part_of(some("time", 10)).services) {
    stands.services.push_back(std::make_shared<const Service>(service));
  }
  guard->know(stands);
  EXPECT_EQ(refresh(""), "time:10! records:0");
}

TEST_F(MassChange, AHundredPercentMayGo) {
  guard.emplace(100U);
  refresh(some("time", 10));
  EXPECT_EQ(refresh(""), "records:0");
}

TEST_F(MassChange, WhatAWatchSaidCounts) {
  refresh(some("time", 10) + some("calc", 20));
  CatalogDelta delta;
  delta.services = support::part_of(some("time", 2)).services;
  guard->admit(delta);
  stands.services[0] = std::make_shared<const Service>(delta.services[0]);
  EXPECT_EQ(refresh(some("time", 1) + some("calc", 20)), "time:1 calc:20 records:0");
}

/// What a watch says meanwhile.
class MassChangeWatch : public MassChange {
 protected:
  CatalogDelta events(const std::string& text, std::vector<std::string> gone = {}) {
    CatalogDelta delta{support::part_of(text).services, std::move(gone)};
    guard->admit(delta);
    return delta;
  }
};

TEST_F(MassChangeWatch, AnEventOfOneInstanceDoesNotEndAHold) {
  refresh(some("time", 10) + some("calc", 20));
  refresh(some("time", 1) + some("calc", 20));
  EXPECT_TRUE(events(some("time", 1)).services.empty());
  EXPECT_TRUE(events("", {"time"}).gone.empty());
  EXPECT_EQ(refresh(some("time", 1) + some("calc", 20)), "calc:20 time:10! records:0");
}

TEST_F(MassChangeWatch, WhatIsBackByEventsIsNoLongerHeld) {
  refresh(some("time", 10) + some("calc", 20));
  refresh(some("time", 1) + some("calc", 20));
  EXPECT_EQ(events(some("time", 9)).services.size(), 1U);
  EXPECT_EQ(guard->held(), 0U);
}

TEST_F(MassChangeWatch, OtherServicesChangeMeanwhile) {
  refresh(some("time", 10) + some("calc", 20));
  refresh(some("time", 1) + some("calc", 20));
  EXPECT_EQ(events(some("calc", 1), {"gone"}).services.size(), 1U);
}

TEST_F(MassChangeWatch, WhatItSaysItselfIsTaken) {
  refresh(some("time", 10) + some("calc", 20));
  EXPECT_EQ(events(some("time", 1), {"calc"}).gone.size(), 1U);
}

TEST_F(MassChangeWatch, NothingOfAZoneThatIsHeldShrinks) {
  refresh(some("time", 4) + some("calc", 4));
  refresh("");
  EXPECT_TRUE(events(some("time", 1), {"calc"}).services.empty());
  EXPECT_EQ(events(some("time", 5)).services.size(), 1U);
}

}  // namespace
}  // namespace cache
