#include "dnsd/control/services_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cache/catalog.h"

namespace signpost {
namespace {

using nlohmann::json;

cache::Instance instance(const std::string& id, const std::string& host) {
  cache::Instance made;
  made.id = id;
  made.host = host;
  made.port = 80;
  return made;
}

class ServicesDocumentTest : public testing::Test {
 protected:
  conf::Zone zone;
  cache::Catalog catalog{zone};
  dns::Time now{std::chrono::hours(1)};
  std::vector<std::vector<upstream::Origin>> origins;  // of each source; empty: its own

  cache::SourceId add(const std::string& name, std::vector<upstream::Origin> its = {}) {
    origins.push_back(std::move(its));
    return catalog.add_listing_source(name);
  }

  ServicesDocument document() {
    const auto table = catalog.table(now);
    return services_document({*table, zone.name.view(), now, [this](cache::SourceId id) {
                                return origins[id].empty() ? nullptr : &origins[id];
                              }});
  }
  json read() { return json::parse(document().text); }
};

TEST_F(ServicesDocumentTest, TellsAllOfAnInstance) {
  const auto file = add("file:a.toml");
  cache::Instance one = instance("time-1", "10.0.1.7");
  one.version = "1.0";
  one.priority = 2;
  one.weight = 0;
  one.status = cache::Status::healthy;
  one.status_text = "healthy";
  one.url = "http://10.0.1.7/";
  one.attributes = {{"host", "a \"b\"\n\xff"}, {"rack", "b7"}};
  catalog.set_part(file, {{{"_time._tcp", 7, {one}}}, {}}, now);
  now += dns::Seconds(12);
  const json expected = json::parse(R"({
    "format": 1, "zone": "servicediscovery.internal.",
    "sources": [{"name": "file:a.toml", "age": 12}],
    "services": [{"name": "_time._tcp", "ttl": 7, "instances": [{"id": "time-1", "version": "1.0",
      "host": "10.0.1.7", "port": 80, "priority": 2, "weight": 0, "status": "healthy",
      "url": "http://10.0.1.7/", "attributes": {"host": "a \"b\"\n�", "rack": "b7"}, "source": 0}]}],
    "records": []})");
  EXPECT_EQ(read(), expected);
}

TEST_F(ServicesDocumentTest, KeepsTheCatalogsOwnWordBesideTheStatus) {
  cache::Instance odd = instance("a", "10.0.0.1");
  odd.status_text = "OUT_OF_ORDER";
  catalog.set_part(add("f"), {{{"web", {}, {odd, instance("b", "10.0.0.2")}}}, {}}, now);
  const json told = read()["services"][0]["instances"];
  EXPECT_EQ(told[0]["status"], "unknown");
  EXPECT_EQ(told[0]["status_text"], "OUT_OF_ORDER");
  EXPECT_EQ(told[1]["status_text"], "");
}

TEST_F(ServicesDocumentTest, TellsWhyAServiceIsHeldAndByWhom) {
  const auto first = add("one");
  const auto relay = add("relay", {{"", {}}, {"g", {"c"}}});
  cache::Service web{"web", {}, {instance("a", "10.0.0.1")}};
  catalog.set_part(first, {{web}, {}}, now);
  web.held = "9 of 10 would go";
  web.held_origin = web.instances[0].origin = 1;
  catalog.set_part(relay, {{web}, {}}, now);
  EXPECT_FALSE(read()["services"][0].contains("held")) << "its instance is told by another";
  web.instances.push_back(instance("b", "10.0.0.2"));
  web.instances[1].origin = 1;
  catalog.set_part(relay, {{web}, {}}, now);
  const json told = read()["services"][0];
  EXPECT_EQ(told["held"], "9 of 10 would go");
  EXPECT_EQ(read()["sources"][told["held_by"].get<std::size_t>()]["name"], "relay > g");
}

TEST_F(ServicesDocumentTest, TellsRecordsAsTheyStand) {
  const auto owner = dns::Name::from_text("*.web.servicediscovery.internal").value();
  catalog.set_part(add("f"), {{}, {{owner, dns::Type::A, 60, {10, 0, 0, 255}}}}, now);
  const json expected = {{"name", "*.web.servicediscovery.internal."},
                         {"type", "A"},
                         {"ttl", 60},
                         {"data", "0A0000FF"},
                         {"source", 0}};
  EXPECT_EQ(read()["records"], json::array({expected}));
}

TEST_F(ServicesDocumentTest, NamesTheSourceOfEachInstanceAndRecord) {
  const auto first = add("one");
  const auto second = add("two");
  const auto owner = dns::Name::from_text("web.servicediscovery.internal").value();
  catalog.set_part(
      first,
      {{{"web", {}, {instance("a", "10.0.0.1")}}}, {{owner, dns::Type::A, 60, {1, 1, 1, 1}}}}, now);
  catalog.set_part(
      second,
      {{{"web", {}, {instance("b", "10.0.0.2"), instance("a", "10.0.0.1")}}},
       {{owner, dns::Type::A, 60, {2, 2, 2, 2}}, {owner, dns::Type::A, 60, {1, 1, 1, 1}}}},
      now);
  const json told = read();
  ASSERT_EQ(told["services"][0]["instances"].size(), 2U) << "one place counts once";
  EXPECT_EQ(told["services"][0]["instances"][0]["source"], 0);
  EXPECT_EQ(told["services"][0]["instances"][1]["source"], 1);
  ASSERT_EQ(told["records"].size(), 2U);
  EXPECT_EQ(told["records"][0]["source"], 0);
  EXPECT_EQ(told["records"][1]["source"], 1);
}

TEST_F(ServicesDocumentTest, SaysWhichSourceHasNotLoaded) {
  catalog.set_failure(add("file:x"), "no such file");
  const json expected = {{"name", "file:x"}, {"loaded", false}, {"failure", "no such file"}};
  EXPECT_EQ(read()["sources"], json::array({expected}));
}

TEST_F(ServicesDocumentTest, TheTagMovesWithTheContentAlone) {
  const auto file = add("f");
  catalog.set_part(file, {{{"web", {}, {instance("a", "10.0.0.1")}}}, {}}, now);
  const std::string first = document().tag;
  now += dns::Seconds(60);
  catalog.confirm(file, now);
  EXPECT_EQ(document().tag, first);
  catalog.set_failure(file, "away");
  EXPECT_EQ(document().tag, first) << "the words of a failure are for people";
  catalog.set_part(file, {{{"web", {}, {instance("a", "10.0.0.2")}}}, {}}, now);
  EXPECT_NE(document().tag, first);
}

TEST_F(ServicesDocumentTest, SaysWhatIsOldAndTheTagMovesWithIt) {
  const auto file = add("f");
  catalog.set_part(file, {}, now);
  catalog.set_old_from(file, now + dns::Seconds(5));
  const std::string fresh = document().tag;
  EXPECT_FALSE(read()["sources"][0].contains("stale"));
  now += dns::Seconds(5);
  EXPECT_EQ(read()["sources"][0]["stale"], true);
  EXPECT_NE(document().tag, fresh);
}

TEST_F(ServicesDocumentTest, OneContentIsOneTextWhateverTheOrder) {
  const auto file = add("f");
  std::vector<cache::Service> services;
  for (int i = 0; i < 50; ++i)
    services.push_back({"s" + std::to_string(i), {}, {instance("a", "10.0.0.1")}});
  catalog.set_part(file, {services, {}}, now);
  const ServicesDocument first = document();
  catalog.set_part(file, {}, now);
  catalog.set_part(file, {{services.rbegin(), services.rend()}, {}}, now);
  EXPECT_EQ(document().text, first.text);
  EXPECT_EQ(document().tag, first.tag);
}

TEST_F(ServicesDocumentTest, HandsOnWhatAnotherDaemonSaidUnderItsOwnSource) {
  const auto relay =
      add("signpost:b", {{"", {}}, {"file:y", {"b"}}, {"signpost:c > etcd:z", {"c", "b"}}});
  auto near = instance("a", "10.0.0.1"), far = instance("b", "10.0.0.2");
  near.origin = 1;
  far.origin = 2;
  catalog.set_part(relay, {{{"web", {}, {near, far}}}, {}}, now);
  const json told = read();
  EXPECT_EQ(told["sources"][0]["name"], "signpost:b > file:y");
  EXPECT_EQ(told["sources"][0]["via"], json::array({"b"}));
  EXPECT_EQ(told["sources"][1]["name"], "signpost:b > signpost:c > etcd:z");
  EXPECT_EQ(told["sources"][1]["via"], json::array({"c", "b"}));
  EXPECT_EQ(told["services"][0]["instances"][0]["source"], 0);
  EXPECT_EQ(told["services"][0]["instances"][1]["source"], 1);
}

TEST_F(ServicesDocumentTest, HandsOnNothingWhoseOriginIsNotKnown) {
  const auto relay = add("signpost:b", {{"", {}, false}});
  catalog.set_part(relay, {{{"web", {}, {instance("a", "10.0.0.1")}}, {"empty", {}, {}}}, {}}, now);
  const json told = read();
  EXPECT_EQ(told["services"], json::array());
  const json expected = {{"name", "signpost:b"}, {"loaded", false}};
  EXPECT_EQ(told["sources"], json::array({expected}));
}

TEST_F(ServicesDocumentTest, EachSourceOfAnotherDaemonIsAsOldAsItIsThere) {
  const auto relay = add("signpost:b", {{"", {}}, {"x", {"b"}}, {"y", {"b"}, true, true}});
  catalog.set_part(relay, {}, now);
  catalog.set_old_from(relay, now);
  EXPECT_FALSE(read()["sources"][0].contains("stale"));
  EXPECT_EQ(read()["sources"][1]["stale"], true);
  origins[relay][0].stale = true;
  EXPECT_EQ(read()["sources"][0]["stale"], true) << "the daemon itself is away";
}

TEST_F(ServicesDocumentTest, ASourceThatIsSetAsideIsNotMentioned) {
  catalog.set_aside(add("relay"), true);
  catalog.set_part(add("own"), {{{"web", {}, {instance("a", "10.0.0.1")}}}, {}}, now);
  const json told = read();
  ASSERT_EQ(told["sources"].size(), 1U);
  EXPECT_EQ(told["sources"][0]["name"], "own");
  EXPECT_EQ(told["services"][0]["instances"][0]["source"], 0);
}

TEST_F(ServicesDocumentTest, AServiceWithoutInstancesIsToldByItsOwnDaemon) {
  catalog.set_part(add("f"), {{{"empty", {}, {}}}, {}}, now);
  EXPECT_EQ(read()["services"][0]["name"], "empty");
}

}  // namespace
}  // namespace signpost
