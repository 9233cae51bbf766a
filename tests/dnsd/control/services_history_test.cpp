#include "dnsd/control/services_history.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cache/catalog.h"
#include "cache/service_name.h"
#include "dnsd/dns/random.h"

namespace signpost {
namespace {

using Names = std::vector<std::string>;

cache::Service service(const std::string& name, const std::string& host) {
  cache::Instance one;
  one.id = "a";
  one.host = host;
  return {name, {}, {one}};
}

class ServicesHistoryTest : public testing::Test {
 protected:
  conf::Zone zone;
  cache::Catalog catalog{zone};
  cache::SourceId file = catalog.add_listing_source("file:a");
  dns::Time now{std::chrono::hours(1)};
  std::vector<upstream::Origin> origins;  // of `file`; empty: its own
  ServicesHistory history;

  void load(std::vector<cache::Service> services, std::vector<cache::Record> records = {}) {
    catalog.set_part(file, {std::move(services), std::move(records)}, now);
  }
  void change(std::vector<cache::Service> services, Names gone = {}) {
    catalog.change_services(file, {std::move(services), std::move(gone)}, now);
  }

  template <typename Use>
  auto with_content(Use use) {
    const auto table = catalog.table(now);
    const DocumentContent content{*table, zone.name.view(), now, [this](cache::SourceId) {
                                    return origins.empty() ? nullptr : &origins;
                                  }};
    return use(content, table);
  }
  ServicesDocument whole() {
    return with_content(
        [](const auto& content, const auto&) { return services_document(content); });
  }
  void begin() {
    with_content([this](const auto& content, const auto& table) {
      history.begin(content, table, services_document(content).print);
    });
  }
  bool go_on() {
    return with_content(
        [this](const auto& content, const auto& table) { return history.go_on(content, table); });
  }
  std::optional<Names> since(const std::string& tag) {
    const auto services = history.since(tag);
    if (!services) return std::nullopt;
    Names names;
    for (const ServiceAt& one : *services) names.push_back(one.name);
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(ServicesHistoryTest, HasTheTagOfTheWholeDocument) {
  load({service("web", "10.0.0.1")});
  begin();
  EXPECT_EQ(history.tag(), whole().tag);
}

TEST_F(ServicesHistoryTest, NamesWhatChangedAndWhatIsGone) {
  load({service("web", "10.0.0.1"), service("time", "10.0.0.2"), service("old", "10.0.0.3")});
  begin();
  const std::string first = history.tag();
  change({service("_Web._tcp", "10.0.0.9")});
  ASSERT_TRUE(go_on());
  const std::string second = history.tag();
  change({service("new", "10.0.0.4")}, {"old"});
  ASSERT_TRUE(go_on());
  EXPECT_EQ(history.tag(), whole().tag);
  EXPECT_EQ(since(first), (Names{"_Web._tcp", "new", "old"}));
  EXPECT_EQ(since(second), (Names{"new", "old"}));
  EXPECT_EQ(since(history.tag()), std::nullopt);
  EXPECT_EQ(since("0"), std::nullopt);
}

TEST_F(ServicesHistoryTest, WhatIsReadAnewAndTheSameIsNoChange) {
  load({service("web", "10.0.0.1"), service("time", "10.0.0.2")});
  begin();
  const std::string first = history.tag();
  now += dns::Seconds(1);
  load({service("web", "10.0.0.1"), service("time", "10.0.0.2")});
  ASSERT_TRUE(go_on());
  EXPECT_EQ(history.tag(), first);
  EXPECT_EQ(since(first), std::nullopt);
}

TEST_F(ServicesHistoryTest, AChangeOfRecordsOrSourcesIsNotToldAlone) {
  load({service("web", "10.0.0.1")});
  begin();
  const std::string first = history.tag();
  cache::Record record;
  record.owner = dns::Name::from_text("w.servicediscovery.internal").value();
  record.type = dns::Type::A;
  record.rdata = {10, 0, 0, 1};
  load({service("web", "10.0.0.2")}, {record});
  ASSERT_TRUE(go_on());
  EXPECT_EQ(history.tag(), whole().tag);
  EXPECT_EQ(since(first), std::nullopt);

  const std::string second = history.tag();
  now += dns::Seconds(60);
  catalog.set_old_from(file, now);
  change({service("web", "10.0.0.3")});
  ASSERT_TRUE(go_on());
  EXPECT_EQ(history.tag(), whole().tag);
  EXPECT_EQ(since(second), std::nullopt);
}

TEST_F(ServicesHistoryTest, BeginsAnewWhenWhoTellsIsNotedOtherwise) {
  load({service("web", "10.0.0.1")});
  EXPECT_FALSE(go_on());
  begin();
  origins = {{"", {}}, {"f", {"4f"}}};
  EXPECT_FALSE(go_on());
}

TEST_F(ServicesHistoryTest, ForgetsTheOldestAndWhatIsTooMuch) {
  load({service("web", "10.0.0.1")});
  begin();
  const std::string first = history.tag();
  change({service("web", "10.0.0.2")});
  ASSERT_TRUE(go_on());
  const std::string second = history.tag();
  for (std::size_t i = 0; i < kMostRemembered; ++i)
    change({service("s" + std::to_string(i), "10.0.1.1")});
  ASSERT_TRUE(go_on());
  EXPECT_EQ(since(first), std::nullopt);
  ASSERT_TRUE(since(second));
  EXPECT_EQ(since(second)->size(), kMostRemembered);
  const std::string third = history.tag();
  for (std::size_t i = 0; i <= kMostRemembered; ++i)
    change({service("s" + std::to_string(i), "10.0.1.2")});
  EXPECT_FALSE(go_on());
  begin();
  EXPECT_EQ(history.tag(), whole().tag);
  EXPECT_EQ(since(third), std::nullopt);
}

TEST_F(ServicesHistoryTest, NamesThemAsTheirSourceSpelledThem) {
  load({service("k\u00e4se", "10.0.0.1"), service("a@b", "10.0.0.2"), service("x$y", "10.0.0.3")});
  begin();
  const std::string first = history.tag();
  change({}, {"k\u00e4se", "a@b", "x$y"});
  ASSERT_TRUE(go_on());
  EXPECT_EQ(since(first), (Names{"a@b", "k\u00e4se", "x$y"}));
}

TEST_F(ServicesHistoryTest, NoticesSourcesThatAreOthersBesideTheTable) {
  origins = {{"", {}}, {"f", {"4f"}}, {"g", {"4f"}}};
  load({service("web", "10.0.0.1")});
  begin();
  EXPECT_TRUE(
      with_content([&](const auto& now, const auto&) { return history.has_sources_of(now); }));
  origins[2].stale = true;
  EXPECT_FALSE(
      with_content([&](const auto& now, const auto&) { return history.has_sources_of(now); }));
  ASSERT_TRUE(go_on());
  EXPECT_EQ(history.tag(), whole().tag);
}

/// Services of a document, by name in canonical form.
using Services = std::map<std::string, nlohmann::json>;

void take(Services& services, const std::string& text) {
  const auto document = nlohmann::json::parse(text);
  for (const auto& one : document["services"])
    services[cache::canonical_service(one["name"].get<std::string>())] = one;
  for (const auto& name : document.value("gone", nlohmann::json::array()))
    services.erase(name.get<std::string>());
}

// Whatever happens, the tag is the whole document's; and who takes the changes at random
// moments has by then what the whole document tells.
TEST_F(ServicesHistoryTest, ChangesLeadToTheWholeDocument) {
  dns::Random random(11);
  const auto some = [&] { return "s" + std::to_string(random.below(30)); };
  load({});
  begin();
  Services reader;
  std::string known = history.tag();
  int told = 0;
  for (int step = 0; step < 1'000; ++step) {
    for (std::uint64_t i = random.below(4); i > 0; --i) {
      if (random.below(3) == 0) {
        change({}, {some()});
      } else {
        change({service(some(), "10.0.0." + std::to_string(random.below(3)))});
      }
    }
    ASSERT_TRUE(go_on());
    ASSERT_EQ(history.tag(), whole().tag) << step;
    if (random.below(3) != 0 || known == history.tag()) continue;
    const auto changes = history.since(known);
    ASSERT_TRUE(changes) << step;
    const std::string text = with_content(
        [&](const auto& content, const auto&) { return changes_document(content, *changes); });
    take(reader, text);
    Services expected;
    take(expected, whole().text);
    ASSERT_EQ(reader, expected) << step;
    known = history.tag();
    ++told;
  }
  EXPECT_GT(told, 100);
}

}  // namespace
}  // namespace signpost
