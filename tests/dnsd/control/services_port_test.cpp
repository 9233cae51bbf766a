#include "dnsd/control/services_port.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cache/catalog.h"
#include "tests/support/fake_clock.h"

namespace signpost {
namespace {

using dns::Milliseconds;

class ServicesPortTest : public testing::Test {
 protected:
  support::FakeClock clock;
  conf::Zone zone;
  cache::Catalog catalog{zone};
  cache::SourceId file = catalog.add_listing_source("file:a");
  std::vector<upstream::Origin> origins;  // of `file`; empty: its own
  ServicesPort port{clock,
                    [this] {
                      return ServicesPort::Picture{
                          catalog.table(clock.now()), zone.name, clock.now(),
                          [this](auto) { return origins.empty() ? nullptr : &origins; }};
                    },
                    "4f"};
  std::vector<net::HttpAnswer> answers;

  ServicesPortTest() { tell("10.0.0.1"); }

  void tell(const std::string& host, const std::string& name = "web") {
    cache::Instance one;
    one.id = "a";
    one.host = host;
    catalog.set_part(file, {{{name, {}, {one}}}, {}}, clock.now());
    port.changed();
  }

  /// REQUIRES: it is answered at once.
  net::HttpAnswer ask(const std::string& path, net::HttpFields query = {},
                      net::HttpFields headers = {}) {
    send(path, std::move(query), std::move(headers));
    return answers.back();
  }
  void send(const std::string& path, net::HttpFields query, net::HttpFields headers,
            const std::string& method = "GET") {
    port.answer({method, path, std::move(query), std::move(headers), "", {}},
                net::HttpAnswerer(
                    [this](net::HttpAnswer answer) { answers.push_back(std::move(answer)); }));
  }
  std::string tag(const std::string& path = "/v1/services") {
    return *net::find_field(ask(path).headers, "ETag");
  }
};

TEST_F(ServicesPortTest, TakesItsPathsAlone) {
  EXPECT_TRUE(ServicesPort::takes("/v1/services"));
  EXPECT_TRUE(ServicesPort::takes("/v1/services/web"));
  EXPECT_FALSE(ServicesPort::takes("/v1/servicesx"));
  EXPECT_FALSE(ServicesPort::takes("/v1/service"));
}

TEST_F(ServicesPortTest, TellsTheWholeTable) {
  const auto answer = ask("/v1/services");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "application/json");
  EXPECT_EQ(*net::find_field(answer.headers, "Signpost-Id"), "4f");
  EXPECT_EQ(nlohmann::json::parse(*answer.shared_body)["services"][0]["name"], "web");
}

TEST_F(ServicesPortTest, AllShareOneBody) {
  EXPECT_EQ(ask("/v1/services").shared_body, ask("/v1/services").shared_body);
  const net::HttpFields gzip{{"accept-encoding", "br, gzip"}};
  const auto packed = ask("/v1/services", {}, gzip);
  EXPECT_EQ(*net::find_field(packed.headers, "Content-Encoding"), "gzip");
  EXPECT_EQ(packed.shared_body->substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(packed.shared_body, ask("/v1/services", {}, gzip).shared_body);
}

TEST_F(ServicesPortTest, GzipIsNotForcedOnAnybody) {
  for (const char* codings : {"", "identity", "gzip;q=0", "gzip; q=0.000", "xgzip"}) {
    const auto answer = ask("/v1/services", {}, {{"accept-encoding", codings}});
    EXPECT_EQ(net::find_field(answer.headers, "Content-Encoding"), nullptr) << codings;
  }
}

TEST_F(ServicesPortTest, TellsOneServiceHoweverItIsSpelled) {
  tell("10.0.0.1", "_web._tcp");
  for (const char* name : {"web", "WEB", "_web._tcp"}) {
    const auto answer = ask(std::string("/v1/services/") + name);
    ASSERT_EQ(answer.status, 200) << name;
    EXPECT_EQ(nlohmann::json::parse(*answer.shared_body)["services"].size(), 1U);
  }
}

TEST_F(ServicesPortTest, AnUnknownServiceIs404) {
  EXPECT_EQ(ask("/v1/services/nosuch").status, 404);
  EXPECT_EQ(ask("/v1/services/nosuch", {{"wait", "5s"}}, {{"if-none-match", "\"1\""}}).status, 404);
}

TEST_F(ServicesPortTest, WhoKnowsTheContentHears304) {
  const auto answer = ask("/v1/services", {}, {{"if-none-match", "\"x\", " + tag()}});
  EXPECT_EQ(answer.status, 304);
  EXPECT_EQ(answer.shared_body, nullptr);
  EXPECT_EQ(*net::find_field(answer.headers, "ETag"), tag());
  EXPECT_EQ(*net::find_field(answer.headers, "Signpost-Id"), "4f");
}

/// As one who knows a content and takes changes alone.
net::HttpFields knowing(const std::string& tag) {
  return {{"if-none-match", tag}, {"a-im", "signpost"}};
}

TEST_F(ServicesPortTest, WhoTakesChangesAloneIsToldThese) {
  tell("10.0.0.1", "web");
  const std::string before = tag();
  catalog.change_services(file, {{{"time", {}, {}}}, {"web"}}, clock.now());
  port.changed();
  const auto answer = ask("/v1/services", {}, knowing(before));
  EXPECT_EQ(answer.status, 226);
  EXPECT_EQ(*net::find_field(answer.headers, "IM"), "signpost");
  EXPECT_EQ(*net::find_field(answer.headers, "Delta-Base"), before);
  EXPECT_EQ(*net::find_field(answer.headers, "ETag"), tag());
  EXPECT_EQ(*net::find_field(answer.headers, "Signpost-Id"), "4f");
  const auto told = nlohmann::json::parse(*answer.shared_body);
  EXPECT_EQ(told["format"], 1);
  EXPECT_EQ(told["sources"][0]["name"], "file:a");
  EXPECT_EQ(told["services"].size(), 1U);
  EXPECT_EQ(told["services"][0]["name"], "time");
  EXPECT_EQ(told["gone"], nlohmann::json::array({"web"}));
  EXPECT_EQ(ask("/v1/services", {}, knowing(before)).shared_body, answer.shared_body);
}

TEST_F(ServicesPortTest, WhoDoesNotAskForChangesOrKnowsNothingOfUseIsToldEverything) {
  const std::string before = tag();
  tell("10.0.0.2");
  EXPECT_EQ(ask("/v1/services", {}, {{"if-none-match", before}}).status, 200);
  EXPECT_EQ(ask("/v1/services", {}, knowing("W/\"0\"")).status, 200);
  EXPECT_EQ(ask("/v1/services", {}, {{"a-im", "signpost"}}).status, 200);
  EXPECT_EQ(ask("/v1/services", {}, knowing("\"")).status, 200);
  EXPECT_EQ(ask("/v1/services", {}, {{"if-none-match", before}, {"a-im", "vcdiff"}}).status, 200);
  for (const char* other : {"x-signpost", "signposts", "signpost;q=0", "vcdiff, signpost; q=0.0"})
    EXPECT_EQ(ask("/v1/services", {}, {{"if-none-match", before}, {"a-im", other}}).status, 200);
  for (const char* ours : {"vcdiff,signpost", "vcdiff;q=0, signpost;q=0.5 "})
    EXPECT_EQ(ask("/v1/services", {}, {{"if-none-match", before}, {"a-im", ours}}).status, 226);
  EXPECT_EQ(ask("/v1/services/web", {}, knowing(before)).status, 200);
  EXPECT_EQ(ask("/v1/services", {}, knowing(tag())).status, 304);
}

TEST_F(ServicesPortTest, ALongPollEndsWithTheChangeAlone) {
  send("/v1/services", {{"wait", "30s"}}, knowing(tag()));
  answers.clear();
  tell("10.0.0.2");
  clock.advance(Milliseconds(0));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 226);
}

TEST_F(ServicesPortTest, ThereIsOneBodyOfChangesForEachContentThatIsKnown) {
  const std::string first = tag();
  tell("10.0.0.2");
  const std::string second = tag();
  tell("10.0.0.3");
  const auto body = ask("/v1/services", {}, knowing(first)).shared_body;
  EXPECT_NE(ask("/v1/services", {}, knowing(second)).shared_body, body);
  EXPECT_EQ(ask("/v1/services", {}, knowing(first)).shared_body, body);
}

TEST_F(ServicesPortTest, WhatASourceHearsOfItsOwnSourcesMovesTheTagThoughNoTableIsPublished) {
  origins = {{"", {}}, {"f", {"b"}}, {"g", {"b"}}};
  tell("10.0.0.1");
  const std::string before = tag();
  origins[2].stale = true;
  const auto whole = ask("/v1/services");
  const std::string after = *net::find_field(whole.headers, "ETag");
  EXPECT_NE(after, before);
  EXPECT_EQ(nlohmann::json::parse(*whole.shared_body)["sources"][1]["stale"], true);
  EXPECT_EQ(ask("/v1/services", {}, knowing(after)).status, 304);
  origins[2].stale = false;
  EXPECT_EQ(tag(), before);
}

TEST_F(ServicesPortTest, ChangesThatNobodyAsksAboutAreForgotten) {
  const std::string before = tag();
  tell("10.0.0.2");
  clock.advance(kUnasked - Milliseconds(1));
  EXPECT_EQ(ask("/v1/services", {}, knowing(before)).status, 226);
  tell("10.0.0.3");
  clock.advance(kUnasked);
  EXPECT_EQ(ask("/v1/services", {}, knowing(before)).status, 200);
}

TEST_F(ServicesPortTest, ALongPollEndsWithTheChange) {
  send("/v1/services", {{"wait", "30s"}}, {{"if-none-match", tag()}});
  answers.clear();
  clock.advance(dns::Seconds(10));
  EXPECT_TRUE(answers.empty());
  catalog.confirm(file, clock.now());
  port.changed();
  clock.settle();
  EXPECT_TRUE(answers.empty()) << "the content is as it was";
  tell("10.0.0.2");
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 200);
}

TEST_F(ServicesPortTest, ALongPollThatIsBehindIsAnsweredWithTheOthers) {
  const std::string old = tag();
  tell("10.0.0.2");
  answers.clear();
  send("/v1/services", {{"wait", "30s"}}, {{"if-none-match", old}});
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 200);
}

TEST_F(ServicesPortTest, ALongPollEndsWhenASourceBecomesOld) {
  catalog.set_old_from(file, clock.now() + dns::Seconds(5));
  port.changed();
  send("/v1/services", {{"wait", "30s"}}, {{"if-none-match", tag()}});
  answers.clear();
  clock.advance(dns::Milliseconds(4999));
  EXPECT_TRUE(answers.empty());
  clock.advance(dns::Milliseconds(1));
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 200);
}

TEST_F(ServicesPortTest, ALongPollEndsWith304WhenItsTimeIsUp) {
  send("/v1/services", {{"wait", "30s"}}, {{"if-none-match", tag()}});
  answers.clear();
  clock.advance(dns::Seconds(30));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 304);
}

TEST_F(ServicesPortTest, ALongPollOfOneServiceDoesNotEndWithAnother) {
  send("/v1/services/web", {{"wait", "30s"}}, {{"if-none-match", tag("/v1/services/web")}});
  answers.clear();
  cache::Instance one;
  one.id = "a";
  one.host = "10.0.0.1";
  catalog.set_part(file, {{{"web", {}, {one}}, {"other", {}, {one}}}, {}}, clock.now());
  port.changed();
  clock.settle();
  EXPECT_TRUE(answers.empty());
  tell("10.0.0.1", "other");
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 404);
}

TEST_F(ServicesPortTest, WhoKnowsNothingDoesNotWait) {
  EXPECT_EQ(ask("/v1/services", {{"wait", "30s"}}).status, 200);
}

TEST_F(ServicesPortTest, ABadWaitIs400WithItsName) {
  for (const char* wait : {"", "soon", "-1s", "6m"}) {
    const auto answer = ask("/v1/services", {{"wait", wait}});
    EXPECT_EQ(answer.status, 400) << wait;
    EXPECT_NE(answer.body.find("wait: expected"), std::string::npos) << answer.body;
  }
}

TEST_F(ServicesPortTest, OtherMethodsAre405) {
  send("/v1/services", {}, {}, "DELETE");
  EXPECT_EQ(answers.back().status, 405);
}

}  // namespace
}  // namespace signpost
