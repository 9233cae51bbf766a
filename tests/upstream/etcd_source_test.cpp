#include "upstream/etcd_source.h"

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http.h"
#include "tests/support/recording_sink.h"
#include "tests/support/temporary_folder.h"
#include "upstream/base64.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using Texts = std::vector<std::string>;

constexpr auto kFolder = "/skydns/internal/servicediscovery/";

json header(std::int64_t revision, const std::string& cluster = "16") {
  return {{"cluster_id", cluster}, {"revision", std::to_string(revision)}};
}
json pair(const std::string& path, const std::string& host, std::int64_t revision) {
  return {{"key", to_base64(kFolder + path)},
          {"value", to_base64(R"({"host":")" + host + R"(","port":80})")},
          {"mod_revision", std::to_string(revision)}};
}
json created(std::int64_t revision, const std::string& cluster = "16") {
  return {{"result", {{"header", header(revision, cluster)}, {"created", true}}}};
}
json events(std::int64_t revision, const json& event) {
  return {{"result", {{"header", header(revision)}, {"events", json::array({event})}}}};
}
json put(const std::string& path, const std::string& host, std::int64_t revision) {
  return events(revision, {{"kv", pair(path, host, revision)}});
}
json gone(const std::string& path, std::int64_t revision) {
  const json kv = {{"key", to_base64(kFolder + path)}, {"mod_revision", std::to_string(revision)}};
  return events(revision, {{"type", "DELETE"}, {"kv", kv}});
}

class EtcdSourceTest : public ::testing::Test {
 protected:
  support::FakeClock clock;
  support::FakeHttp http;
  support::RecordingSink sink;
  support::TemporaryFolder folder;
  conf::Catalog catalog;
  std::unique_ptr<EtcdSource> source;

  EtcdSourceTest() { catalog.type = conf::Catalog::Type::etcd; }

  void start() {
    source = std::make_unique<EtcdSource>(catalog,
                                          dns::Name::from_text("servicediscovery.internal").value(),
                                          http, clock, dns::Random(1), sink);
    source->start();
  }
  /// Starts, and has read web/x1 at revision 5 and a watch that stands.
  void start_well() {
    start();
    reply_page(5, {pair("web/x1", "10.0.0.1", 3)});
    stream(created(5));
  }

  std::string last_url() const { return http.requests.back().url; }
  json last_body() const { return json::parse(http.requests.back().body); }
  std::string asked_from() const {
    return last_body()["create_request"]["start_revision"].get<std::string>();
  }
  void reply_page(std::int64_t revision, const std::vector<json>& pairs, bool more = false) {
    http.reply(200, json({{"header", header(revision)}, {"kvs", pairs}, {"more", more}}).dump());
  }
  /// A message in the stream that was opened last.
  void stream(const json& message) {
    ASSERT_FALSE(http.waiting.empty());
    for (auto at = http.requests.rbegin(); at != http.requests.rend(); ++at) {
      if (at->on_part) return at->on_part(message.dump() + "\n");
    }
    FAIL() << "no stream is open";
  }
  /// Answers the request that was sent last.
  void answer_last(net::HttpOutcome outcome) {
    const auto last = std::prev(http.waiting.end());
    const auto done = last->second;
    http.waiting.erase(last);
    done(std::move(outcome));
  }
  void answer_revision(std::int64_t revision, const std::string& cluster = "16") {
    answer_last(net::HttpReply{200, json({{"header", header(revision, cluster)}}).dump(), {}});
  }
  /// Lets time pass with a cluster that says how far it is whenever it is asked.
  void live(dns::Milliseconds time, std::int64_t revision = 5) {
    for (auto passed = 0ms; passed < time; passed += kWatchSilence) {
      clock.advance(kWatchSilence);
      if (last_url().ends_with("range") && !http.waiting.empty()) answer_revision(revision);
    }
  }
  void refuse() { answer_last(net::HttpFailure{false, "POST " + last_url() + ": refused"}); }
  std::string password_file(const std::string& text) {
    support::write_file(folder / "password", text);
    return folder / "password";
  }
  Texts hosts(const cache::Service& service) {
    Texts hosts;
    for (const auto& instance : service.instances) hosts.push_back(instance.host);
    return hosts;
  }
};

TEST_F(EtcdSourceTest, ReadsTheKeysBelowTheZoneAlone) {
  start();
  ASSERT_EQ(http.requests.size(), 1U);
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/kv/range");
  EXPECT_EQ(http.requests[0].method, "POST");
  EXPECT_EQ(from_base64(last_body()["key"].get<std::string>()), kFolder);
  EXPECT_EQ(from_base64(last_body()["range_end"].get<std::string>()),
            "/skydns/internal/servicediscovery0");
  reply_page(5, {pair("web/x1", "10.0.0.1", 3), pair("db", "10.0.0.2", 4)});
  ASSERT_EQ(sink.parts.size(), 1U);
  EXPECT_EQ(sink.parts[0].services.size(), 2U);
}

TEST_F(EtcdSourceTest, ReadsAllPagesAtTheRevisionOfTheFirst) {
  start();
  reply_page(5, {pair("web/x1", "10.0.0.1", 3)}, true);
  EXPECT_TRUE(sink.heard.empty()) << "half of it is nothing";
  EXPECT_EQ(from_base64(last_body()["key"].get<std::string>()),
            kFolder + std::string("web/x1\0", 7));
  EXPECT_EQ(last_body()["revision"], "5");
  reply_page(9, {pair("web/x2", "10.0.0.2", 4)});
  EXPECT_EQ(hosts(sink.parts.at(0).services.at(0)), (Texts{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(asked_from(), "6") << "what came after the first page is watched";
}

TEST_F(EtcdSourceTest, AFailedPageKeepsWhatWasThere) {
  start_well();
  stream({{"result", {{"canceled", true}, {"compact_revision", "9"}}}});
  clock.advance(5s);
  ASSERT_EQ(last_url(), "http://127.0.0.1:2379/v3/kv/range");
  reply_page(12, {pair("web/x2", "10.0.0.2", 4)}, true);
  answer_last(net::HttpReply{503, "<html>", {}});
  EXPECT_EQ(sink.heard.back(), "POST http://127.0.0.1:2379/v3/kv/range: HTTP 503: '<html>'");
  EXPECT_EQ(sink.parts.size(), 1U);
  clock.advance(2s);
  EXPECT_EQ(last_body()["revision"], "0") << "from the first page again";
}

TEST_F(EtcdSourceTest, AChangeTellsItsOwnServiceAlone) {
  start();
  reply_page(5, {pair("web/x1", "10.0.0.1", 3), pair("db", "10.0.0.9", 4)});
  stream(created(5));
  clock.advance(1s);
  stream(put("web/x2", "10.0.0.2", 6));
  EXPECT_EQ(sink.heard.back(), "changed web");
  EXPECT_EQ(hosts(sink.deltas.at(0).services.at(0)), (Texts{"10.0.0.1", "10.0.0.2"}));
  clock.advance(1s);
  stream(gone("web/x1", 7));
  EXPECT_EQ(hosts(sink.deltas.at(1).services.at(0)), (Texts{"10.0.0.2"}));
  clock.advance(1s);
  stream(gone("web/x2", 8));
  EXPECT_EQ(sink.heard.back(), "changed -web");
}

TEST_F(EtcdSourceTest, ChangesInAShortTimeAreToldTogether) {
  start_well();
  clock.advance(1s);
  stream(put("web/x2", "10.0.0.2", 6));
  for (int i = 3; i < 100; ++i)
    stream(put("web/x" + std::to_string(i), "10.0.0." + std::to_string(i), i + 5));
  EXPECT_EQ(sink.deltas.size(), 1U) << "the first goes out at once";
  clock.advance(kEtcdGather);
  ASSERT_EQ(sink.deltas.size(), 2U);
  EXPECT_EQ(sink.deltas[1].services.at(0).instances.size(), 99U);
}

TEST_F(EtcdSourceTest, ABadValueIsCountedAndTheOthersStay) {
  start_well();
  clock.advance(1s);
  json bad = put("web/x1", "", 6);
  bad["result"]["events"][0]["kv"]["value"] = to_base64("no json");
  stream(put("web/x2", "10.0.0.2", 6));
  stream(bad);
  clock.advance(1s);
  EXPECT_EQ(hosts(sink.deltas.back().services.at(0)), (Texts{"10.0.0.2"}));
  EXPECT_EQ(source->bad_keys(), 1U);
}

TEST_F(EtcdSourceTest, ALostWatchGoesOnWhereItStopped) {
  start_well();
  live(60s);
  stream(put("web/x2", "10.0.0.2", 8));
  http.reply(200, "");
  clock.settle();
  EXPECT_EQ(asked_from(), "9");
  stream(created(8));
  EXPECT_EQ(sink.heard, (Texts{"loaded web", "changed web"})) << "nobody need know";
}

TEST_F(EtcdSourceTest, AConnectionThatDoesNotComeBackIsSaidOnceAndThatItIsBack) {
  start_well();
  live(60s);
  while (!http.waiting.empty()) refuse();
  for (int i = 0; i < 20; ++i) {
    clock.advance(1s);
    if (!http.waiting.empty()) refuse();
  }
  EXPECT_EQ(sink.heard, (Texts{"loaded web", "POST http://127.0.0.1:2379/v3/watch: refused"}));
  while (http.waiting.empty()) clock.advance(1s);
  stream(created(5));
  EXPECT_EQ(sink.heard.back(), "confirmed");
  EXPECT_EQ(sink.parts.size(), 1U);
}

TEST_F(EtcdSourceTest, TriesEachEndpointBeforeItSaysAnything) {
  catalog.endpoints = {"http://a:1", "https://b:2/"};
  catalog.ca_file = "/ca.pem";
  start();
  EXPECT_EQ(last_url(), "http://a:1/v3/kv/range");
  refuse();
  EXPECT_TRUE(sink.heard.empty());
  clock.settle();
  EXPECT_EQ(last_url(), "https://b:2/v3/kv/range");
  EXPECT_EQ(http.requests.back().tls.ca_file, "/ca.pem");
  refuse();
  EXPECT_EQ(sink.heard,
            (Texts{"POST http://a:1/v3/kv/range: refused; POST https://b:2/v3/kv/range: refused"}));
  clock.advance(999ms);
  EXPECT_TRUE(http.waiting.empty()) << "it is left alone for a while";
  clock.advance(500ms);
  reply_page(5, {pair("web/x1", "10.0.0.1", 3)});
  EXPECT_EQ(sink.heard.back(), "loaded web");
}

TEST_F(EtcdSourceTest, ACompactedHistoryIsReadAnew) {
  start_well();
  live(60s);
  stream({{"result",
           {{"header", {{"cluster_id", "16"}}}, {"canceled", true}, {"compact_revision", "9"}}}});
  clock.settle();
  reply_page(12, {pair("db", "10.0.0.2", 11)});
  EXPECT_EQ(sink.heard.back(), "loaded db");
  EXPECT_EQ(asked_from(), "13");
}

TEST_F(EtcdSourceTest, AClusterThatIsCompactedAllTheTimeIsNotReadAllTheTime) {
  start_well();
  for (int i = 0; i < 100; ++i) {
    if (!http.waiting.empty())
      stream({{"result", {{"canceled", true}, {"compact_revision", "9"}}}});
    clock.advance(100ms);
    if (last_url().ends_with("range") && !http.waiting.empty()) reply_page(12, {});
  }
  EXPECT_GT(sink.parts.size(), 2U);
  EXPECT_LT(sink.parts.size(), 6U) << "in 10 s";
}

TEST_F(EtcdSourceTest, AClusterThatWasRestoredIsReadAnew) {
  start_well();
  live(60s);
  while (!http.waiting.empty()) refuse();
  clock.advance(2s);
  stream(created(2));
  answer_revision(2);
  clock.settle();
  reply_page(2, {pair("db", "10.0.0.2", 2)});
  EXPECT_EQ(sink.heard.back(), "loaded db");
  EXPECT_EQ(asked_from(), "3");
}

TEST_F(EtcdSourceTest, AMemberThatLagsBehindIsNoRestoredCluster) {
  start_well();
  live(60s);
  while (!http.waiting.empty()) refuse();
  clock.advance(2s);
  stream(created(2));
  answer_revision(5);
  clock.settle();
  EXPECT_EQ(http.waiting.size(), 1U) << "the watch goes on";
  EXPECT_EQ(sink.heard, Texts{"loaded web"});
}

TEST_F(EtcdSourceTest, AnotherClusterIsReadAnew) {
  start_well();
  live(60s);
  while (!http.waiting.empty()) refuse();
  clock.advance(2s);
  stream(created(50, "17"));
  answer_revision(50, "17");
  clock.settle();
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/kv/range");
  EXPECT_EQ(last_body()["revision"], "0");
}

TEST_F(EtcdSourceTest, ASilentStreamIsLookedAfter) {
  start_well();
  const std::size_t before = http.requests.size();
  clock.advance(kWatchSilence);
  ASSERT_EQ(http.requests.size(), before + 1);
  EXPECT_EQ(last_body()["count_only"], true);
  answer_revision(5);
  live(10s);
  clock.advance(kWatchSilence);
  answer_last(net::HttpFailure{false, "no answer"});
  clock.settle();
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/watch");
  EXPECT_EQ(asked_from(), "6");
}

/// Whether its connection still stands or its host is gone: no request is answered.
TEST_F(EtcdSourceTest, WhatASilentClusterSaidIsOldAfter5Seconds) {
  start_well();
  live(20s);  // the end of which is its last sign of life
  const std::size_t asked = http.requests.size();
  clock.advance(kWatchSilence);
  ASSERT_EQ(http.requests.size(), asked + 1);
  clock.advance(2s);
  answer_last(net::HttpFailure{true, "no answer"});
  clock.advance(999ms);
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/watch") << "it is tried again";
  EXPECT_EQ(sink.heard, Texts{"loaded web"});
  clock.advance(1ms);
  EXPECT_EQ(sink.heard, (Texts{"loaded web", "no answer"}));
  EXPECT_EQ(source->freshness().after_failure, 0ms);
  stream(created(5));
  EXPECT_EQ(sink.heard.back(), "confirmed");
}

TEST_F(EtcdSourceTest, AClusterThatIsBackWithin5SecondsIsNoFailure) {
  start_well();
  live(20s);
  clock.advance(kWatchSilence);
  clock.advance(2s);
  answer_last(net::HttpFailure{true, "no answer"});
  clock.advance(500ms);
  stream(created(5));
  clock.advance(1s);
  EXPECT_EQ(sink.heard, Texts{"loaded web"});
}

TEST_F(EtcdSourceTest, AClusterThatEndsTheStreamLivedUntilThen) {
  start_well();
  live(20s);
  clock.advance(1s);
  refuse();
  EXPECT_EQ(source->freshness().after_failure, 5s);
  clock.advance(100ms);
  refuse();
  EXPECT_EQ(sink.heard.back(), "POST http://127.0.0.1:2379/v3/watch: refused");
  EXPECT_EQ(source->freshness().after_failure, 4900ms);
}

TEST_F(EtcdSourceTest, AStreamThatStaysSilentWhileTheClusterMovesOnIsOpenedAnew) {
  start_well();
  for (auto passed = 0ms; passed < kWatchRenewal; passed += kWatchSilence) {
    EXPECT_EQ(http.waiting.size(), 1U);
    clock.advance(kWatchSilence);
    answer_revision(7);
  }
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/watch");
  EXPECT_EQ(asked_from(), "6") << "not 8: nobody said that nothing came before";
  stream(created(7));
  stream(put("web/x2", "10.0.0.2", 7));
  EXPECT_EQ(sink.heard, (Texts{"loaded web", "changed web"}));
}

TEST_F(EtcdSourceTest, AWordThatNothingCameMovesOn) {
  start_well();
  stream({{"result", {{"header", header(40)}}}});
  live(60s, 40);
  while (!http.waiting.empty()) refuse();
  clock.advance(2s);
  EXPECT_EQ(asked_from(), "41");
}

TEST_F(EtcdSourceTest, AWatchThatDoesNotBeginIsGivenUp) {
  start();
  reply_page(5, {});
  clock.advance(kWatchStandsWithin);
  EXPECT_EQ(sink.heard.back(), "etcd did not begin the watch within 5000 ms");
}

TEST_F(EtcdSourceTest, AStreamOfNonsenseIsGivenUp) {
  start_well();
  stream("nonsense");
  clock.settle();
  EXPECT_TRUE(sink.heard.back().starts_with("expected etcd's {\"result\":{...}} in the watch"));
  EXPECT_TRUE(http.waiting.empty());
}

TEST_F(EtcdSourceTest, AUserHasATokenThatIsRenewedWhenItIsNoLongerGood) {
  catalog.user = "reader";
  catalog.password_file = password_file("secret\n");
  start();
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/auth/authenticate");
  EXPECT_EQ(last_body(), json({{"name", "reader"}, {"password", "secret"}}));
  http.reply(200, R"({"token":"t1"})");
  EXPECT_EQ(http.requests.back().headers.back(), "Authorization: t1");
  http.reply(401, R"({"error":"etcdserver: invalid auth token","code":16})");
  http.reply(200, R"({"token":"t2"})");
  EXPECT_EQ(http.requests.back().headers.back(), "Authorization: t2");
  http.reply(401, R"({"error":"etcdserver: invalid auth token","code":16})");
  EXPECT_EQ(
      sink.heard,
      (Texts{"POST http://127.0.0.1:2379/v3/kv/range: HTTP 401: etcdserver: invalid auth token"}));
  EXPECT_EQ(source->counters().requests, 4U);
}

TEST_F(EtcdSourceTest, AWatchWithABadTokenFetchesAnother) {
  catalog.user = "reader";
  start();
  http.reply(200, R"({"token":"t1"})");
  reply_page(5, {});
  stream({{"result",
           {{"created", true},
            {"canceled", true},
            {"cancel_reason", "desc = etcdserver: invalid auth token"}}}});
  clock.advance(2s);
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/auth/authenticate");
}

TEST_F(EtcdSourceTest, AClusterThatWantsNoPasswordIsReadWithoutOne) {
  catalog.user = "reader";
  start();
  http.reply(412, R"({"error":"etcdserver: authentication is not enabled","code":9})");
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/kv/range");
  EXPECT_EQ(http.requests.back().headers.size(), 1U);
}

TEST_F(EtcdSourceTest, ARefusedPasswordIsSaidWithoutIt) {
  catalog.user = "reader";
  catalog.password_file = password_file("secret");
  start();
  http.reply(
      400,
      R"({"error":"etcdserver: authentication failed, invalid user ID or password","code":3})");
  EXPECT_EQ(sink.heard.back(),
            "POST http://127.0.0.1:2379/v3/auth/authenticate as reader: HTTP 400: etcdserver: "
            "authentication failed, invalid user ID or password");
}

TEST_F(EtcdSourceTest, AMissingPasswordFileIsSaidAndReadAgain) {
  catalog.user = "reader";
  catalog.password_file = folder / "password";
  start();
  EXPECT_TRUE(http.requests.empty());
  clock.settle();
  EXPECT_NE(sink.heard.back().find("password"), std::string::npos);
  password_file("secret");
  clock.advance(2s);
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/auth/authenticate");
}

TEST_F(EtcdSourceTest, WhatIsHeldBackIsReadAgainWhileTheWatchGoesOn) {
  start_well();
  source->read_again();
  clock.advance(1s);
  stream(put("web/x2", "10.0.0.2", 6));
  EXPECT_EQ(sink.heard.back(), "changed web");
  clock.advance(kEtcdReread);
  ASSERT_EQ(http.waiting.size(), 1U);
  EXPECT_EQ(last_url(), "http://127.0.0.1:2379/v3/kv/range");
  refuse();
  clock.advance(2s);
  reply_page(7, {pair("web/x2", "10.0.0.2", 6)});
  EXPECT_EQ(sink.heard.back(), "loaded web");
  EXPECT_EQ(asked_from(), "8");
}

TEST_F(EtcdSourceTest, CanBeDestroyedAtAnyMoment) {
  start();
  source.reset();
  EXPECT_TRUE(http.waiting.empty());
  start_well();
  stream(put("web/x2", "10.0.0.2", 6));
  stream("nonsense");
  source.reset();
  EXPECT_TRUE(http.waiting.empty());
  clock.advance(3600s);
  EXPECT_TRUE(http.waiting.empty());
}

}  // namespace
}  // namespace upstream
