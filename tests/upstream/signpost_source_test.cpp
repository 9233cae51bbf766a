#include "upstream/signpost_source.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http.h"
#include "tests/support/recording_sink.h"

namespace upstream {
namespace {

using Heard = std::vector<std::string>;

constexpr const char* kOwnSource = R"({"name":"f"})";

std::string instance(const std::string& host, int source = 0) {
  return R"({"id":")" + host + R"(","host":")" + host + R"(","port":80,"source":)" +
         std::to_string(source) + "}";
}
std::string service(const std::string& name, const std::string& instances) {
  return R"({"name":")" + name + R"(","instances":[)" + instances + "]}";
}
std::string document(const std::string& services, const std::string& sources = kOwnSource,
                     const std::string& records = "") {
  return R"({"format":1,"zone":"servicediscovery.internal.","sources":[)" + sources +
         R"(],"services":[)" + services + R"(],"records":[)" + records + "]}";
}
std::string record(const std::string& name, const std::string& data, int source) {
  return R"({"name":")" + name + R"(.servicediscovery.internal.","type":"A","ttl":5,"data":")" +
         data + R"(","source":)" + std::to_string(source) + "}";
}
const std::string kTime = service("time", instance("10.0.0.1"));
const std::string kWeb = service("web", instance("10.0.0.2"));

class SignpostSourceTest : public testing::Test {
 protected:
  support::FakeClock clock;
  support::FakeHttp http;
  support::RecordingSink sink;
  std::unique_ptr<SignpostSource> source;

  SignpostSourceTest() {
    source = std::make_unique<SignpostSource>(
        SignpostSource::Place{"http://r:5380/",
                              dns::Name::from_text("servicediscovery.internal").value(), "us"},
        http, clock, dns::Random(7), sink);
    source->start();
  }

  void found(const std::string& text, const std::string& tag = "W/\"1\"",
             const std::string& id = "relay") {
    http.answer(net::HttpReply{200, text, {{"etag", tag}, {"signpost-id", id}}});
    next();
  }
  void changes(const std::string& services, const std::string& gone, const std::string& since,
               const std::string& tag, const std::string& sources = kOwnSource) {
    const std::string text = R"({"format":1,"zone":"servicediscovery.internal.","sources":[)" +
                             sources + R"(],"services":[)" + services + R"(],"gone":[)" + gone +
                             "]}";
    http.answer(net::HttpReply{
        226,
        text,
        {{"etag", tag}, {"signpost-id", "relay"}, {"delta-base", since}, {"im", "signpost"}}});
    next();
  }
  void unchanged(const std::string& id = "relay") {
    clock.advance(kRelayWait);
    http.answer(net::HttpReply{304, "", {{"signpost-id", id}}});
    next();
  }
  void lost() { http.answer(net::HttpFailure{false, "connection refused"}); }
  /// Lets the pause between requests pass.
  void next() { clock.advance(kRelayPause); }

  Heard take_heard() { return std::exchange(sink.heard, {}); }
  /// Of what stands of a service by now.
  std::string hosts(const std::string& name) {
    std::string hosts;
    for (const auto& service : sink.stands.services) {
      if (service->name != name) continue;
      for (const auto& one : service->instances) hosts += (hosts.empty() ? "" : " ") + one.host;
    }
    return hosts;
  }
  /// Of the addresses of the records that stand.
  std::string last_bytes() {
    std::string bytes;
    for (const auto& one : sink.stands.records)
      bytes += (bytes.empty() ? "" : " ") + std::to_string(one.rdata.back());
    return bytes;
  }
  std::string header(const std::string& name) {
    for (const auto& line : http.requests.back().headers) {
      if (line.starts_with(name + ": ")) return line.substr(name.size() + 2);
    }
    return "";
  }
};

TEST_F(SignpostSourceTest, AsksForTheWholeTablePackedAndWaits) {
  const auto& request = http.requests.at(0);
  EXPECT_EQ(request.url, "http://r:5380/v1/services?wait=10000ms");
  EXPECT_TRUE(request.gzip);
  EXPECT_TRUE(request.probed);
  EXPECT_EQ(request.timeout, kRelayWait + kRelaySlack);
  EXPECT_EQ(header("If-None-Match"), "");
}

TEST_F(SignpostSourceTest, HearsAtOnceThatTheRelayIsBackThoughNothingChanged) {
  found(document(kTime), "W/\"abc\"");
  lost();
  clock.advance(dns::Seconds(1));
  EXPECT_EQ(http.requests.back().url, "http://r:5380/v1/services?wait=0ms");
  take_heard();
  http.answer(net::HttpReply{304, "", {{"signpost-id", "relay"}}});
  EXPECT_EQ(take_heard(), Heard{"confirmed"});
  next();
  EXPECT_EQ(http.requests.back().url, "http://r:5380/v1/services?wait=10000ms");
}

TEST_F(SignpostSourceTest, TellsAllOnceAndThenWhatChanged) {
  found(document(kTime + "," + kWeb));
  EXPECT_EQ(take_heard(), Heard{"loaded time web"});
  found(document(kTime + "," + service("web", instance("10.0.0.3"))), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"changed web"});
  found(document(kTime), "W/\"3\"");
  EXPECT_EQ(take_heard(), Heard{"changed -web"});
  found(document(kTime), "W/\"4\"");
  EXPECT_EQ(take_heard(), Heard{"confirmed"});
}

TEST_F(SignpostSourceTest, TakesChangesAloneOnceItKnowsAll) {
  EXPECT_EQ(header("A-IM"), "");
  found(document(kTime + "," + kWeb), "W/\"1\"");
  EXPECT_EQ(header("A-IM"), "signpost");
  take_heard();
  changes(service("web", instance("10.0.0.3")) + "," + service("new", instance("10.0.0.4")),
          R"("time","other")", "W/\"1\"", "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"changed web new -time"});
  EXPECT_EQ(header("If-None-Match"), "W/\"2\"");
  EXPECT_EQ(hosts("web"), "10.0.0.3");
  EXPECT_EQ(hosts("time"), "");
  changes(service("web", instance("10.0.0.3")), "", "W/\"2\"", "W/\"3\"");
  EXPECT_EQ(take_heard(), Heard{"confirmed"});
  found(document(service("web", instance("10.0.0.3"))), "W/\"4\"");
  EXPECT_EQ(take_heard(), Heard{"changed -new"});
}

TEST_F(SignpostSourceTest, WhatOfTheChangesCameByWayOfThisDaemonIsLeftOut) {
  const std::string sources = R"({"name":"f"},{"name":"r > g","via":["us"]})";
  found(document(kTime, sources), "W/\"1\"");
  take_heard();
  changes(service("time", instance("10.0.0.1", 1)), "", "W/\"1\"", "W/\"2\"", sources);
  EXPECT_EQ(take_heard(), Heard{"changed -time"});
}

TEST_F(SignpostSourceTest, ChangesThatCannotBeTakenAreMadeUpForByWholeDocuments) {
  found(document(kTime), "W/\"1\"");
  take_heard();
  changes(kWeb, "", "W/\"0\"", "W/\"2\"");
  EXPECT_EQ(take_heard(),
            Heard{"http://r:5380/v1/services: expected what changed since W/\"1\", found "
                  "Delta-Base 'W/\"0\"' and IM 'signpost'"});
  EXPECT_TRUE(source->reached());
  EXPECT_EQ(header("If-None-Match"), "");
  EXPECT_EQ(header("A-IM"), "");
  found(document(kTime + "," + kWeb), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"changed web"});
  EXPECT_EQ(header("If-None-Match"), "W/\"2\"");
  EXPECT_EQ(header("A-IM"), "") << "of this relay never again";
  found(document(kTime + "," + kWeb), "W/\"2\"", "another");
  EXPECT_EQ(header("A-IM"), "signpost");
}

TEST_F(SignpostSourceTest, ChangesThatAreNoDocumentOrHaveRecordsAreMadeUpForToo) {
  for (const std::string& odd :
       {std::string("["), document("", kOwnSource, record("w", "0A000001", 0))}) {
    found(document(kTime), "W/\"1\"", "relay of " + odd);
    take_heard();
    http.answer(net::HttpReply{226,
                               odd,
                               {{"etag", "W/\"2\""},
                                {"signpost-id", "relay of " + odd},
                                {"delta-base", "W/\"1\""},
                                {"im", "signpost"}}});
    next();
    EXPECT_EQ(take_heard().size(), 1U);
    EXPECT_EQ(hosts("time"), "10.0.0.1");
    EXPECT_EQ(header("If-None-Match"), "");
  }
}

TEST_F(SignpostSourceTest, ChangesThatItDidNotAskForAreNoAnswer) {
  found(document(kTime, R"({"name":"f"},{"name":"g","loaded":false})"), "W/\"1\"");
  take_heard();
  changes("", R"("time")", "W/\"1\"", "W/\"2\"");
  ASSERT_EQ(sink.heard.size(), 1U);
  EXPECT_NE(take_heard().front().find("found status 226"), std::string::npos);
  EXPECT_EQ(hosts("time"), "10.0.0.1");
}

TEST_F(SignpostSourceTest, AfterAnOutageChangesAloneSayThatTheRelayIsReached) {
  const std::string stale = R"({"name":"f","stale":true})";
  found(document(kTime, stale), "W/\"1\"");
  lost();
  EXPECT_FALSE(source->reached());
  clock.advance(dns::Seconds(1));
  bool reached = false;
  sink.on_changed = [&] { reached = source->reached(); };
  changes(kWeb, "", "W/\"1\"", "W/\"2\"", stale);
  EXPECT_TRUE(reached);
}

TEST_F(SignpostSourceTest, ANameIsTheSameInWhateverSpelling) {
  found(document(service("k\u00e4se", instance("10.0.0.1")) + "," +
                 service("a@b", instance("10.0.0.2"))),
        "W/\"1\"");
  take_heard();
  changes("", R"("k\\195\\164se","a@b")", "W/\"1\"", "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"changed -k\\195\\164se -a@b"});
  found(document(service("k\u00e4se", instance("10.0.0.1"))), "W/\"3\"");
  take_heard();
  found(document(service(R"(k\\195\\164se)", instance("10.0.0.1"))), "W/\"4\"");
  EXPECT_EQ(take_heard(), Heard{"changed k\\195\\164se"});
}

TEST_F(SignpostSourceTest, EachSourceOfTheRelayThatTurnsOldIsTold) {
  found(document(kTime, R"({"name":"f","stale":true},{"name":"g"})"), "W/\"1\"");
  take_heard();
  found(document(kTime, R"({"name":"f","stale":true},{"name":"g","stale":true})"), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"http://r:5380/: its source f is away"});
  unchanged();
  EXPECT_EQ(take_heard(), Heard{});
}

TEST_F(SignpostSourceTest, WhileASourceOfTheRelayHasNotLoadedItAsksForEverything) {
  found(document(kTime, R"({"name":"f"},{"name":"g","loaded":false})"), "W/\"1\"");
  EXPECT_EQ(header("If-None-Match"), "W/\"1\"");
  EXPECT_EQ(header("A-IM"), "");
}

TEST_F(SignpostSourceTest, AServiceThatIsSpelledOtherwiseIsTheSameService) {
  found(document(kTime));
  take_heard();
  found(document(service("_time._tcp", instance("10.0.0.1"))), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"changed _time._tcp"});
}

TEST_F(SignpostSourceTest, AChangeOfRecordsIsToldWithEverything) {
  found(document(kTime, kOwnSource, record("w", "0A000001", 0)));
  take_heard();
  found(document(kTime, kOwnSource, record("w", "0A000002", 0)), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"loaded time"});
  EXPECT_EQ(sink.parts.back().records.size(), 1U);
}

TEST_F(SignpostSourceTest, WaitsWithTheTagThatItKnowsAndIsConfirmed) {
  found(document(kTime), "W/\"abc\"");
  EXPECT_EQ(header("If-None-Match"), "W/\"abc\"");
  take_heard();
  unchanged();
  EXPECT_EQ(take_heard(), Heard{"confirmed"});
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(SignpostSourceTest, SaysAtOnceAndOnceThatTheConnectionIsLostAndResumes) {
  found(document(kTime), "W/\"abc\"");
  take_heard();
  lost();
  EXPECT_EQ(take_heard(), Heard{"connection refused"});
  EXPECT_FALSE(source->reached());
  EXPECT_EQ(source->freshness().after_failure, dns::Milliseconds(5000));
  clock.advance(dns::Milliseconds(500));
  lost();
  EXPECT_EQ(take_heard(), Heard{});
  clock.advance(dns::Milliseconds(1000));
  EXPECT_EQ(header("If-None-Match"), "W/\"abc\"");
  unchanged();
  EXPECT_EQ(take_heard(), Heard{"confirmed"});
}

TEST_F(SignpostSourceTest, ComesBackSlowerAndSlower) {
  for (int i = 0; i < 20; ++i) {
    lost();
    clock.advance(dns::Milliseconds(8000));
  }
  const std::size_t before = http.requests.size();
  lost();
  clock.advance(dns::Milliseconds(3999));
  EXPECT_EQ(http.requests.size(), before);
  clock.advance(dns::Milliseconds(4001));
  EXPECT_EQ(http.requests.size(), before + 1);
}

TEST_F(SignpostSourceTest, SomethingThatNeverWaitsIsNotAskedAllTheTime) {
  found(document(kTime));
  for (int i = 0; i < 10; ++i) {
    http.answer(net::HttpReply{304, "", {{"signpost-id", "relay"}}});
    clock.advance(dns::Milliseconds(500));
  }
  EXPECT_EQ(http.requests.size(), 12U);
}

TEST_F(SignpostSourceTest, WhatIsNoRelayIsSaid) {
  http.answer(net::HttpReply{404, "", {}});
  EXPECT_NE(take_heard().at(0).find("found status 404"), std::string::npos);
  clock.advance(dns::Milliseconds(500));
  http.answer(net::HttpReply{200, document(kTime), {}});
  EXPECT_NE(take_heard().at(0).find("without Signpost-Id"), std::string::npos);
  clock.advance(dns::Milliseconds(1000));
  found("<html>");
  EXPECT_NE(take_heard().at(0).find("expected JSON"), std::string::npos);
}

TEST_F(SignpostSourceTest, ItselfIsNoRelay) {
  found(document(kTime), "W/\"1\"", "us");
  EXPECT_EQ(take_heard(), Heard{"http://r:5380/v1/services is this very daemon; name another"});
}

TEST_F(SignpostSourceTest, LeavesOutWhatCameByWayOfThisDaemon) {
  found(document(service("time", instance("10.0.0.1") + "," + instance("10.0.0.2", 1)) + "," +
                     service("ours", instance("10.0.0.3", 1)),
                 R"({"name":"f"},{"name":"signpost:us > g","via":["us"]})"));
  EXPECT_EQ(take_heard(), Heard{"loaded time"});
  const auto& kept = sink.parts.at(0).services.at(0).instances;
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].host, "10.0.0.1");
}

TEST_F(SignpostSourceTest, KnowsWhereEachCameFromAndByWhichWay) {
  found(document(service("time", instance("10.0.0.1", 1)),
                 R"({"name":"f"},{"name":"signpost:c > g","via":["c"]})"));
  const auto& origins = *source->origins();
  const auto& origin = origins.at(sink.parts.at(0).services.at(0).instances.at(0).origin);
  EXPECT_EQ(origin.name, "signpost:c > g");
  EXPECT_EQ(origin.via, (std::vector<std::string>{"c", "relay"}));
  unchanged("started anew");
  EXPECT_EQ(source->origins()->at(2).via, (std::vector<std::string>{"c", "started anew"}));
}

TEST_F(SignpostSourceTest, ARelayThatHasNotReadAllTakesNothingAway) {
  const std::string both = R"({"name":"f"},{"name":"g"})";
  found(document(kTime + "," + service("web", instance("10.0.0.2", 1)), both));
  take_heard();
  // It started anew: what g says is missing, f says something new.
  found(document(service("time", instance("10.0.0.9")),
                 R"({"name":"f"},{"name":"g","loaded":false,"failure":"refused"})"),
        "W/\"2\"");
  EXPECT_EQ(take_heard(),
            Heard{"changed time; http://r:5380/: its source g has not been read yet: refused"});
  EXPECT_TRUE(source->reached());
  EXPECT_EQ(source->freshness().after_failure, dns::Milliseconds(0));
  unchanged();
  EXPECT_EQ(take_heard(), Heard{}) << "it is still so";
  found(document(service("time", instance("10.0.0.9")), both), "W/\"3\"");
  EXPECT_EQ(take_heard(), Heard{"changed -web"});
}

TEST_F(SignpostSourceTest, OneSourceThatHasNotLoadedHoldsBackNoOther) {
  const std::string both = R"({"name":"f"},{"name":"g"})";
  const std::string g_unloaded = R"({"name":"f"},{"name":"g","loaded":false})";
  found(document(service("time", instance("10.0.0.1") + "," + instance("10.0.0.2", 1)), both));
  found(document(service("time", instance("10.0.0.9")), g_unloaded), "W/\"2\"");
  EXPECT_EQ(hosts("time"), "10.0.0.9 10.0.0.2") << "f's is replaced, g's stays";
  found(document(service("time", instance("10.0.0.8")), g_unloaded), "W/\"3\"");
  EXPECT_EQ(hosts("time"), "10.0.0.8 10.0.0.2");
  found(document("", g_unloaded), "W/\"4\"");
  EXPECT_EQ(hosts("time"), "10.0.0.2") << "f has none any more";
  found(document(service("time", instance("10.0.0.7", 1)), both), "W/\"5\"");
  EXPECT_EQ(hosts("time"), "10.0.0.7");
}

TEST_F(SignpostSourceTest, ItsRecordsAreEachSourcesOwnToo) {
  const std::string f = record("w", "0A000001", 0), g = record("w", "0A000002", 1);
  found(document("", R"({"name":"f"},{"name":"g"})", f + "," + g));
  take_heard();
  found(document("", R"({"name":"f"},{"name":"g","loaded":false})", record("w", "0A000009", 0)),
        "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"loaded; http://r:5380/: its source g has not been read yet"});
  EXPECT_EQ(last_bytes(), "9 2");
  found(document("", R"({"name":"f"},{"name":"g"})", g), "W/\"3\"");
  EXPECT_EQ(last_bytes(), "2");
}

TEST_F(SignpostSourceTest, WhatASourceSaidByWayOfADaemonThatHasNotLoadedStays) {
  found(document(kTime + "," + service("web", instance("10.0.0.2", 1)),
                 R"({"name":"f"},{"name":"signpost:c > g","via":["c"]})"));
  found(document(kTime, R"({"name":"f"},{"name":"signpost:c","loaded":false})"), "W/\"2\"");
  EXPECT_EQ(hosts("web"), "10.0.0.2");
}

/// Whose it is, is not known by then.
TEST_F(SignpostSourceTest, WhatIsKnownOfAnEarlierRunStaysUntilItIsToldAnew) {
  cache::Service before{"time", {}, {}};
  for (const std::string host : {"10.0.0.1", "10.0.0.2"}) {
    before.instances.emplace_back().id = host;
    before.instances.back().host = host;
    before.instances.back().origin = 2;  // a number of that run
  }
  sink.stands.loaded = true;
  sink.stands.services.push_back(std::make_shared<const cache::Service>(before));
  found(document(kTime, R"({"name":"f"},{"name":"g","loaded":false})"));
  EXPECT_EQ(take_heard(), Heard{"loaded time; http://r:5380/: its source g has not been read yet"});
  EXPECT_EQ(hosts("time"), "10.0.0.1 10.0.0.2");
  const auto& instances = sink.stands.services.at(0)->instances;
  EXPECT_EQ(instances.at(0).origin, 1);
  EXPECT_EQ(instances.at(1).origin, 0);
  found(document(kTime, R"({"name":"f"},{"name":"g"})"), "W/\"2\"");
  EXPECT_EQ(hosts("time"), "10.0.0.1");
}

TEST_F(SignpostSourceTest, WhatIsHeldThereIsHeldHereUnlessItIsOurOwnHold) {
  const std::string sources = R"({"name":"f"},{"name":"signpost:us > g","via":["us"]})";
  const auto held_by = [&](const std::string& source) {
    return R"({"name":"time","held":"9 of 10 would go","held_by":)" + source + R"(,"instances":[)" +
           instance("10.0.0.1") + "]}";
  };
  found(document(held_by("0"), sources));
  EXPECT_EQ(sink.stands.services.at(0)->held, "9 of 10 would go");
  take_heard();
  found(document(kTime, sources), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"changed time"});
  EXPECT_EQ(sink.stands.services.at(0)->held, "");
  found(document(held_by("1"), sources), "W/\"3\"");
  EXPECT_EQ(take_heard(), Heard{"confirmed"}) << "two would keep the hold alive for each other";
}

TEST_F(SignpostSourceTest, ARelayThatNeverReadAllIsNotLoadedYet) {
  found(document(kTime, R"({"name":"f"},{"name":"g","loaded":false})"));
  EXPECT_EQ(take_heard(),
            Heard{"changed time; http://r:5380/: its source g has not been read yet"});
  found(document(kTime, R"({"name":"f"},{"name":"g"})"), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{"loaded time"});
}

TEST_F(SignpostSourceTest, WhatIsOldAtTheRelayIsOldHere) {
  found(document(kTime));
  take_heard();
  const std::string trouble = "http://r:5380/: its source f is away: timed out";
  const std::string stale = R"({"name":"f","stale":true,"failure":"timed out"})";
  found(document(kTime, stale), "W/\"2\"");
  EXPECT_EQ(take_heard(), Heard{trouble});
  found(document(kWeb, stale), "W/\"2b\"");
  EXPECT_EQ(take_heard(), Heard{"changed web -time; " + trouble}) << "in one step";
  found(document(kTime, stale), "W/\"2c\"");
  take_heard();
  EXPECT_TRUE(source->reached());
  found(document(kTime), "W/\"3\"");
  EXPECT_EQ(take_heard(), Heard{"confirmed"});
}

TEST_F(SignpostSourceTest, WhatTheRelayLacksOfOursIsNoTrouble) {
  found(document(kTime, R"({"name":"f"},{"name":"signpost:us > g","via":["us"],"loaded":false})"));
  EXPECT_EQ(take_heard(), Heard{"loaded time"});
}

TEST_F(SignpostSourceTest, ASourceThatIsMentionedNoMoreLacksNothing) {
  found(document(kTime, R"({"name":"f"},{"name":"signpost:c","loaded":false})"));
  found(document(kTime, R"({"name":"f"},{"name":"signpost:c > g","via":["c"]})"), "W/\"2\"");
  EXPECT_EQ(sink.heard.back(), "loaded time");
  for (const Origin& origin : *source->origins()) EXPECT_TRUE(origin.loaded) << origin.name;
}

TEST_F(SignpostSourceTest, CountsItsRequests) {
  found(document(kTime));
  unchanged();
  EXPECT_EQ(source->counters().requests, 3U);
}

TEST_F(SignpostSourceTest, IsSilentOnceDestroyed) {
  found(document(kTime));
  source.reset();
  clock.advance(dns::Seconds(60));
  EXPECT_TRUE(http.waiting.empty());
  EXPECT_FALSE(clock.next().has_value());
}

}  // namespace
}  // namespace upstream
