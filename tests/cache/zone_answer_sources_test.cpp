// What is answered while sources load, fail, or must be asked: zone.md, Flags
// and errors.
#include "cache/zone_answer.h"
#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using namespace std::chrono_literals;
using dns::Rcode;
using support::ZoneReply;
using Texts = std::vector<std::string>;

class ZoneSources : public support::ZoneFixture {
 protected:
  /// A fresh answer of an asking source: `text` is its service.
  AskedState heard(const std::string& text) {
    AskedState state;
    state.service = support::part_of(text).services.at(0);
    state.fetched = now;
    state.fresh_until = now + 60s;
    state.refresh_at = now + 50s;
    return state;
  }
  AskedState absent() {
    AskedState state;
    state.absent = true;
    state.fetched = now;
    state.fresh_until = state.refresh_at = now + 2s;
    return state;
  }
  /// The last try failed, on top of what was known.
  AskedState failed(AskedState state, bool connected) {
    state.failed = true;
    state.connected = connected;
    state.why = "http:catalog: no answer";
    state.retry_at = now + 5s;
    return state;
  }
  SourceId http() { return catalog().add_asking_source("http:catalog", std::nullopt); }
};

TEST_F(ZoneSources, NothingLoadedIsServfailNeverNxdomain) {
  file();
  for (const char* question : {"time A", "time SRV", "_time._tcp SRV", "gone TXT"}) {
    const ZoneReply reply = ask(question);
    EXPECT_EQ(reply.rcode, Rcode::SERVFAIL) << question;
    EXPECT_TRUE(reply.extended.starts_with("14 ")) << reply.extended;
    EXPECT_TRUE(reply.answer.empty() && reply.authority.empty());
  }
}

TEST_F(ZoneSources, TheDaemonsOwnNamesNeedNoSource) {
  file();
  EXPECT_EQ(ask("@ SOA").answer.size(), 1U);
  EXPECT_EQ(ask("@ NS").rcode, Rcode::NOERROR);
}

TEST_F(ZoneSources, WhatIsKnownIsAnsweredWhileAnotherSourceLoads) {
  tell("time 10.0.1.7:8081");
  const SourceId slow = catalog().add_listing_source("slow");
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("gone A").rcode, Rcode::SERVFAIL);
  catalog().set_part(slow, {}, now);
  EXPECT_EQ(ask("gone A").rcode, Rcode::NXDOMAIN);
}

TEST_F(ZoneSources, AFailedRefreshKeepsWhatIsKnown) {
  tell("time 10.0.1.7:8081");
  catalog().set_failure(file(), "services.toml:3: expected a host");
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("gone A").rcode, Rcode::NXDOMAIN) << "it has loaded once";
}

TEST_F(ZoneSources, AFirstLoadThatFailsIsNotReady) {
  catalog().set_failure(file(), "services.toml: no such file");
  EXPECT_EQ(ask("time A").rcode, Rcode::SERVFAIL);
  EXPECT_TRUE(ask("time A").extended.starts_with("14 "));
}

TEST_F(ZoneSources, AnUnknownNameIsForTheAskingSource) {
  http();
  const ZoneReply reply = ask("time A");
  EXPECT_EQ(reply.verdict, ZoneVerdict::consult);
  EXPECT_EQ(scratch.name.asked_service, "time");
  EXPECT_EQ(scratch.name.asked_version, "");
  EXPECT_EQ(ask("_time._tcp SRV").verdict, ZoneVerdict::consult);
  EXPECT_EQ(scratch.name.asked_service, "time") << "a _S._tcp question looks up S";
  EXPECT_EQ(ask("@ SOA").verdict, ZoneVerdict::reply);
}

TEST_F(ZoneSources, WhatItSaidIsAnsweredWhileFresh) {
  const SourceId source = http();
  catalog().set_asked(source, "time", "", heard("time 10.0.1.7:8081"));
  now += 30s;
  const ZoneReply reply = ask("time A");
  EXPECT_EQ(reply.verdict, ZoneVerdict::reply);
  EXPECT_EQ(reply.data(), Texts{"10.0.1.7"});
  EXPECT_EQ(reply.extended, "");
  EXPECT_FALSE(reply.refresh);
  now += 25s;
  EXPECT_TRUE(ask("time A").refresh) << "ahead of expiry, behind the answer";
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
}

TEST_F(ZoneSources, WhatIsAbsentIsNxdomainUntilItsTimeIsUp) {
  const SourceId source = http();
  catalog().set_asked(source, "time", "", absent());
  EXPECT_EQ(ask("time A").rcode, Rcode::NXDOMAIN);
  EXPECT_EQ(ask("time A").authority.size(), 1U);
  now += 3s;
  EXPECT_EQ(ask("time A").verdict, ZoneVerdict::consult);
}

TEST_F(ZoneSources, OldDataIsServedStaleWhenTheRefreshFailed) {
  zone.ttl = 60s;
  settings.ttl = 60;
  const SourceId source = http();
  const AskedState state = heard("time 10.0.1.7:8081");
  now += 100s;
  catalog().set_asked(source, "time", "", failed(state, true));
  const ZoneReply reply = ask("time A");
  EXPECT_EQ(reply.verdict, ZoneVerdict::reply);
  EXPECT_EQ(reply.answer, Texts{"time.z. 30 IN A 10.0.1.7"}) << "RFC 8767: 30 s at most";
  EXPECT_TRUE(reply.extended.starts_with("3 ")) << reply.extended;
  EXPECT_NE(reply.extended.find("http:catalog"), std::string::npos) << "the source";
  EXPECT_NE(reply.extended.find("100"), std::string::npos) << "and the age: " << reply.extended;
  EXPECT_EQ(ask("time SRV").answer.at(0).find("time.z. 30 "), 0U);
}

TEST_F(ZoneSources, ASourceThatSaysNothingIsServfail) {
  const SourceId source = http();
  catalog().set_asked(source, "time", "", failed({}, true));
  ZoneReply reply = ask("time A", {.may_consult = false});
  EXPECT_EQ(reply.rcode, Rcode::SERVFAIL);
  EXPECT_TRUE(reply.extended.starts_with("22 ")) << "it was reached: " << reply.extended;
  catalog().set_asked(source, "time", "", failed({}, false));
  reply = ask("time A", {.may_consult = false});
  EXPECT_EQ(reply.rcode, Rcode::SERVFAIL);
  EXPECT_TRUE(reply.extended.starts_with("23 ")) << "no connection: " << reply.extended;
}

TEST_F(ZoneSources, AFailureIsNotAskedAgainBeforeItsTime) {
  const SourceId source = http();
  catalog().set_asked(source, "time", "", failed({}, true));
  EXPECT_EQ(ask("time A").verdict, ZoneVerdict::reply);
  EXPECT_EQ(ask("time A").rcode, Rcode::SERVFAIL);
  now += 6s;
  EXPECT_EQ(ask("time A").verdict, ZoneVerdict::consult);
}

TEST_F(ZoneSources, AfterTheWaitANameNobodyHeardOfIsServfail) {
  http();
  EXPECT_EQ(ask("time A", {.may_consult = false}).rcode, Rcode::SERVFAIL);
}

TEST_F(ZoneSources, WhatAListingSourceHasWaitsForNoOther) {
  tell("time 10.0.1.7:8081");
  http();
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
}

TEST_F(ZoneSources, AVersionedSourceIsAskedForTheVersionInTheName) {
  const SourceId source = catalog().add_asking_source("http:catalog", "1.0");
  EXPECT_EQ(ask("2.0.time A").verdict, ZoneVerdict::consult);
  EXPECT_EQ(scratch.name.asked_service, "time");
  EXPECT_EQ(scratch.name.asked_version, "2.0");
  EXPECT_EQ(ask("time A").verdict, ZoneVerdict::consult);
  EXPECT_EQ(scratch.name.asked_service, "time");
  catalog().set_asked(source, "time", "1.0", heard("time 10.0.1.7:8081 version=1.0"));
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"}) << "its default version";
  EXPECT_EQ(ask("1.0.time A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("2.0.time A").verdict, ZoneVerdict::consult);
  catalog().set_asked(source, "time", "2.0", heard("time 10.0.1.8:8081 version=2.0"));
  EXPECT_EQ(ask("time A").sorted(), (Texts{"10.0.1.7", "10.0.1.8"})) << "and those fetched";
}

TEST_F(ZoneSources, AskingSourcesAreNotAskedForNamesOfOurOwn) {
  http();
  for (const char* question : {"_tcp A", "_services._dns-sd._udp PTR", "ns A", "@ NS"})
    EXPECT_EQ(ask(question).verdict, ZoneVerdict::reply) << question;
}

TEST_F(ZoneSources, WhatAListingSourceSaidIsOldFromItsTimeOn) {
  zone.ttl = 300s;
  settings.ttl = 300;
  tell("time 10.0.1.7:8081\n= web.z. 60 IN A 198.51.100.7");
  catalog().set_old_from(file(), now + 90s);
  now += 89s;
  for (const char* question : {"time SRV", "web A", "gone A"}) {
    EXPECT_EQ(ask(question).extended, "") << question;
  }
  now += 1s;
  for (const char* question : {"time SRV", "time A", "_time._tcp SRV", "time-1._time._tcp SRV"}) {
    const ZoneReply reply = ask(question);
    EXPECT_EQ(reply.extended, "3 file: 90 s old") << question;
    ASSERT_EQ(reply.answer.size(), 1U) << question;
    EXPECT_NE(reply.answer[0].find(" 30 IN "), std::string::npos) << reply.answer[0];
  }
  EXPECT_EQ(ask("web A").extended, "3 file: 90 s old");
  EXPECT_EQ(ask("web A").answer, Texts{"web.z. 30 IN A 198.51.100.7"});
}

TEST_F(ZoneSources, ANameThatAnOldSourceDoesNotHaveMayBeThereByNow) {
  tell("time 10.0.1.7:8081");
  catalog().set_old_from(file(), now);
  const ZoneReply reply = ask("gone A");
  EXPECT_EQ(reply.rcode, Rcode::NXDOMAIN);
  EXPECT_EQ(reply.extended, "19 file: 0 s old");
}

TEST_F(ZoneSources, AnOldSourceDoesNotMarkWhatAnotherSays) {
  const SourceId other = catalog().add_listing_source("etcd:there");
  tell("time 10.0.1.7:8081");
  catalog().set_part(other, support::part_of("calc 10.0.1.8:8082"), now);
  catalog().set_old_from(other, now);
  EXPECT_EQ(ask("time SRV").extended, "");
  EXPECT_EQ(ask("calc SRV").extended, "3 etcd:there: 0 s old");
}

TEST_F(ZoneSources, OfTwoOldSourcesTheFirstIsNamedWhole) {
  const SourceId longer = catalog().add_listing_source("route53:a-name-that-is-longer");
  const SourceId other = catalog().add_listing_source("etcd");
  catalog().set_part(longer, support::part_of("time 10.0.1.7:8081"), now);
  catalog().set_part(other, support::part_of("time 10.0.1.8:8081"), now);
  catalog().set_old_from(longer, now);
  catalog().set_old_from(other, now);
  EXPECT_EQ(ask("time SRV").extended, "3 route53:a-name-that-is-longer: 0 s old");
}

TEST_F(ZoneSources, ExplainSaysWhyItIsOld) {
  tell("time 10.0.1.7:8081");
  catalog().set_failure(file(), "services.toml: is away");
  catalog().set_old_from(file(), now);
  const ZoneReply reply = ask("_explain.time TXT");
  ASSERT_EQ(reply.answer.size(), 1U);
  EXPECT_NE(reply.answer[0].find("stale: services.toml: is away"), std::string::npos)
      << reply.answer[0];
}

}  // namespace
}  // namespace cache
