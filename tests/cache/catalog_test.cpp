#include "cache/catalog.h"

#include <gtest/gtest.h>

#include "tests/support/allocations.h"
#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using support::part_of;

class CatalogTest : public support::ZoneFixture {
 protected:
  CatalogSnapshot table() { return catalog().table(now); }
  static std::string absolute(const std::string& name) { return name + ".z"; }
  static const Node* node(const CatalogSnapshot& table, const std::string& name) {
    return table->find(dns::Name::from_text(absolute(name)).value().view());
  }
  static const AddressUse* use(const CatalogSnapshot& table, const std::string& ip) {
    return table->find(dns::IpAddress::from_text(ip).value());
  }
  static std::vector<std::string> owners_of(const CatalogSnapshot& table, const std::string& ip) {
    std::vector<std::string> out;
    const AddressUse* found = use(table, ip);
    if (found == nullptr || !found->owners) return out;
    for (const auto& owner : *found->owners) out.push_back(dns::to_text(owner));
    return out;
  }
  /// `count` services of five instances each.
  static CatalogPart large(int count) {
    CatalogPart out;
    for (int i = 0; i < count; ++i) {
      Service service{.name = "service-" + std::to_string(i), .ttl = {}, .instances = {}};
      for (int j = 0; j < 5; ++j) {
        Instance instance;
        instance.id = std::to_string(j);
        instance.host = "10." + std::to_string(i >> 8) + "." + std::to_string(i & 255) + "." +
                        std::to_string(j + 1);
        instance.port = 80;
        service.instances.push_back(instance);
      }
      out.services.push_back(service);
    }
    return out;
  }
};

TEST_F(CatalogTest, TheTableStaysTheSameWhileNothingChanged) {
  tell("time 10.0.1.7:1");
  const CatalogSnapshot first = table();
  EXPECT_EQ(table(), first);
  now += std::chrono::seconds(60);
  EXPECT_EQ(table(), first);
}

TEST_F(CatalogTest, AChangeMakesANewTableAndLeavesTheOldOneAlone) {
  tell("time 10.0.1.7:1");
  const CatalogSnapshot before = table();
  tell("time 10.0.1.7:1\n time 10.0.1.8:1");
  const CatalogSnapshot after = table();
  EXPECT_GT(after->serial(), before->serial());
  EXPECT_EQ(node(before, "time")->service->instances.size(), 1U);
  EXPECT_EQ(node(after, "time")->service->instances.size(), 2U);
}

TEST_F(CatalogTest, WhatDidNotChangeIsShared) {
  tell("time 10.0.1.7:1\n web 10.0.1.8:1\n= text.z. 5 IN TXT \"x\"");
  const CatalogSnapshot before = table();
  tell("time 10.0.1.7:1\n web 10.0.1.9:1\n= text.z. 5 IN TXT \"x\"");
  const CatalogSnapshot after = table();
  EXPECT_EQ(node(after, "time"), node(before, "time"));
  EXPECT_EQ(node(after, "text"), node(before, "text"));
  EXPECT_NE(node(after, "web"), node(before, "web"));
}

TEST_F(CatalogTest, CountsServicesAndInstances) {
  tell("time 10.0.1.7:1\n time 10.0.1.8:1\n web 10.0.1.9:1\n none");
  EXPECT_EQ(table()->services(), 3U);
  EXPECT_EQ(table()->instances(), 3U);
  EXPECT_GE(table()->largest(), 2U);
  tell("web 10.0.1.9:1");
  EXPECT_EQ(table()->services(), 1U);
  EXPECT_EQ(table()->instances(), 1U);
}

TEST_F(CatalogTest, NamesGoWithTheirPart) {
  tell("time 10.0.1.7:1\n= text.z. 5 IN TXT \"x\"");
  table();
  tell("");
  const CatalogSnapshot after = table();
  EXPECT_EQ(node(after, "time"), nullptr);
  EXPECT_EQ(node(after, "text"), nullptr);
  EXPECT_EQ(use(after, "10.0.1.7"), nullptr);
}

TEST_F(CatalogTest, EmptyNonTerminalsComeAndGo) {
  tell("= a.b.c.z. 5 IN TXT \"x\"");
  CatalogSnapshot table_now = table();
  ASSERT_NE(node(table_now, "b.c"), nullptr);
  EXPECT_TRUE(node(table_now, "b.c")->below);
  EXPECT_TRUE(node(table_now, "b.c")->records.empty());
  EXPECT_FALSE(node(table_now, "a.b.c")->below);
  tell("= a.b.c.z. 5 IN TXT \"x\"\n= d.c.z. 5 IN TXT \"x\"");
  table();
  tell("= d.c.z. 5 IN TXT \"x\"");
  table_now = table();
  EXPECT_EQ(node(table_now, "b.c"), nullptr);
  ASSERT_NE(node(table_now, "c"), nullptr);
  EXPECT_TRUE(node(table_now, "c")->below);
  tell("");
  EXPECT_EQ(node(table(), "c"), nullptr);
}

TEST_F(CatalogTest, ANameWithRecordsMayHaveNamesBelowIt) {
  tell("= c.z. 5 IN TXT \"x\"\n= b.c.z. 5 IN TXT \"x\"");
  EXPECT_TRUE(node(table(), "c")->below);
  tell("= c.z. 5 IN TXT \"x\"");
  ASSERT_NE(node(table(), "c"), nullptr);
  EXPECT_FALSE(node(table(), "c")->below);
}

TEST_F(CatalogTest, IndexesAddresses) {
  tell(
      "time 10.0.1.7:1\n web 10.0.1.7:2\n six [2001:db8::1]:1\n named web.example:1\n"
      "= host.z. 5 IN A 198.51.100.7");
  const CatalogSnapshot first = table();
  ASSERT_NE(use(first, "10.0.1.7"), nullptr);
  EXPECT_EQ(use(first, "10.0.1.7")->instances, 2U);
  ASSERT_NE(use(first, "2001:db8::1"), nullptr);
  ASSERT_NE(use(first, "198.51.100.7"), nullptr);
  EXPECT_EQ(use(first, "198.51.100.7")->instances, 0U);
  EXPECT_EQ(owners_of(first, "198.51.100.7"), std::vector<std::string>{"host.z."});
  EXPECT_TRUE(owners_of(first, "10.0.1.7").empty());
  EXPECT_EQ(use(first, "10.0.1.8"), nullptr);
  tell("time 10.0.1.7:1");
  EXPECT_EQ(use(table(), "10.0.1.7")->instances, 1U);
  EXPECT_EQ(use(table(), "198.51.100.7"), nullptr);
}

TEST_F(CatalogTest, MergesSourcesTheFirstDescribing) {
  const SourceId first = catalog().add_listing_source("first");
  const SourceId second = catalog().add_listing_source("second");
  catalog().set_part(second, part_of("time 10.0.1.7:1 weight=7 id=x\n time 10.0.1.8:1"), now);
  catalog().set_part(first, part_of("time 10.0.1.7:1 weight=50 id=y"), now);
  const CatalogSnapshot both = table();
  const auto& instances = node(both, "time")->service->instances;
  ASSERT_EQ(instances.size(), 2U);
  for (const auto& instance : instances) {
    if (instance.told->host != "10.0.1.7") continue;
    EXPECT_EQ(instance.told->weight, 50U);
    EXPECT_EQ(instance.source, first);
  }
  catalog().set_part(first, {}, now);
  const CatalogSnapshot after = table();
  ASSERT_EQ(node(after, "time")->service->instances.size(), 2U);
  for (const auto& instance : node(after, "time")->service->instances)
    EXPECT_EQ(instance.source, second) << "what the second told comes back";
}

TEST_F(CatalogTest, MergesTtlsToTheLowest) {
  const SourceId first = catalog().add_listing_source("first");
  const SourceId second = catalog().add_listing_source("second");
  catalog().set_part(first, part_of("time 10.0.1.7:1 ttl=4"), now);
  catalog().set_part(second, part_of("time 10.0.1.8:1 ttl=3"), now);
  EXPECT_EQ(node(table(), "time")->service->ttl, 3U);
}

TEST_F(CatalogTest, RemembersSinceWhenAStatusHolds) {
  tell("time 10.0.1.7:1 status=healthy");
  const dns::Time start = now;
  table();
  now += std::chrono::seconds(10);
  tell("time 10.0.1.7:1 status=healthy weight=7");
  EXPECT_EQ(node(table(), "time")->service->instances[0].since, start);
  tell("time 10.0.1.7:1 status=unhealthy");
  EXPECT_EQ(node(table(), "time")->service->instances[0].since, now);
}

TEST_F(CatalogTest, IsIncompleteUntilEachListingSourceHasLoaded) {
  file();
  EXPECT_TRUE(table()->incomplete());
  tell("");
  EXPECT_FALSE(table()->incomplete());
  catalog().add_asking_source("http", std::nullopt);
  EXPECT_FALSE(table()->incomplete()) << "an asking source loads name by name";
  EXPECT_TRUE(table()->asks());
}

TEST_F(CatalogTest, ASourceThatIsSetAsideIsInNoTableAndAwaitedByNobody) {
  const SourceId other = catalog().add_listing_source("other");
  catalog().set_part(other, part_of("time 10.0.1.8:1\nweb 10.0.1.9:1\n= web.z. 5 IN A 10.0.1.9"),
                     now);
  catalog().set_old_from(other, now);
  catalog().set_aside(file(), true);
  EXPECT_FALSE(table()->incomplete());
  tell("time 10.0.1.7:1");
  EXPECT_EQ(node(table(), "time")->service->instances.size(), 1U);
  catalog().set_aside(file(), false);
  catalog().set_aside(other, true);
  EXPECT_EQ(node(table(), "time")->service->instances.at(0).told->host, "10.0.1.7");
  EXPECT_EQ(node(table(), "web"), nullptr);
  EXPECT_EQ(use(table(), "10.0.1.9"), nullptr);
  EXPECT_EQ(table()->old_from(), dns::Time::max());
  catalog().set_aside(other, false);
  EXPECT_EQ(node(table(), "time")->service->instances.size(), 2U);
  EXPECT_NE(node(table(), "web"), nullptr);
  EXPECT_EQ(table()->old_from(), now);
}

TEST_F(CatalogTest, AForgottenSourceWasNeverRead) {
  tell("time 10.0.1.7:1");
  catalog().forget(file());
  EXPECT_EQ(node(table(), "time"), nullptr);
  EXPECT_TRUE(table()->incomplete());
}

TEST_F(CatalogTest, ForgetsAskedNames) {
  const SourceId source = catalog().add_asking_source("http", std::nullopt);
  AskedState state;
  state.service = part_of("time 10.0.1.7:1").services[0];
  state.fetched = now;
  catalog().set_asked(source, "time", "", state);
  EXPECT_NE(node(table(), "time"), nullptr);
  catalog().set_asked(source, "time", "", {});
  const Node* after = node(table(), "time");
  EXPECT_TRUE(after == nullptr || after->service == nullptr);
  EXPECT_EQ(table()->services(), 0U);
}

TEST_F(CatalogTest, AChangeToOneOfManyServicesIsCheap) {
  CatalogPart part = large(20'000);
  catalog().set_part(file(), part, now);
  const support::Allocations counted_building;
  const CatalogSnapshot before = table();
  const auto building = counted_building.bytes();
  EXPECT_EQ(before->services(), 20'000U);
  EXPECT_EQ(before->instances(), 100'000U);
  part.services[777].instances[0].weight = 7;
  catalog().set_part(file(), part, now);
  const support::Allocations counted_change;
  const CatalogSnapshot after = table();
  EXPECT_LT(counted_change.bytes(), building / 50) << "the touched shards, not the catalog";
  std::size_t changed = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string name = "service-" + std::to_string(i);
    if (node(after, name) != node(before, name)) ++changed;
  }
  EXPECT_EQ(changed, 1U);
}

TEST_F(CatalogTest, TellsWhichNodesAreOthersThanBefore) {
  CatalogPart part = large(1'000);
  catalog().set_part(file(), part, now);
  const CatalogSnapshot before = table();
  part.services[7].instances[0].weight = 7;
  part.services[8].name = "new";
  catalog().set_part(file(), part, now);
  std::vector<std::string> seen;
  table()->each_change(*before, [&](const Node* was, const Node* is) {
    const char* what = was == nullptr ? " came" : is == nullptr ? " went" : " changed";
    seen.push_back(dns::to_text((is != nullptr ? is : was)->name) + what);
    return true;
  });
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(seen,
            (std::vector<std::string>{"new.z. came", "service-7.z. changed", "service-8.z. went"}));
  std::size_t looked_at = 0;
  table()->each_change(*before, [&](const Node*, const Node*) { return ++looked_at < 2; });
  EXPECT_EQ(looked_at, 2U);
  table()->each_change(*table(), [&](const Node*, const Node*) { return ++looked_at > 0; });
  EXPECT_EQ(looked_at, 2U) << "a table and itself";
}

TEST_F(CatalogTest, FindsEachOfManyServices) {
  catalog().set_part(file(), large(2'000), now);
  const CatalogSnapshot all = table();
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = "service-" + std::to_string(i);
    ASSERT_NE(node(all, name), nullptr) << name;
    ASSERT_EQ(node(all, name)->service->name, name);
  }
  EXPECT_EQ(node(all, "service-2000"), nullptr);
  std::size_t seen = 0;
  all->each_service([&](const Node&) { return ++seen < 3'000; });
  EXPECT_EQ(seen, 2'000U);
}

}  // namespace
}  // namespace cache
