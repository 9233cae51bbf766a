// Names and types: the rows of zone.md's first table.
#include "cache/zone_answer.h"

#include <algorithm>

#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using dns::Rcode;
using support::ZoneReply;
using Texts = std::vector<std::string>;

class ZoneAnswerTest : public support::ZoneFixture {
 protected:
  void expect_nodata(const std::string& question) {
    const ZoneReply reply = ask(question);
    EXPECT_EQ(reply.rcode, Rcode::NOERROR) << question;
    EXPECT_EQ(reply.answer, Texts{}) << question;
    expect_soa(reply, question);
  }
  void expect_nxdomain(const std::string& question) {
    const ZoneReply reply = ask(question);
    EXPECT_EQ(reply.rcode, Rcode::NXDOMAIN) << question;
    EXPECT_EQ(reply.answer, Texts{}) << question;
    expect_soa(reply, question);
  }
  void expect_soa(const ZoneReply& reply, const std::string& question) {
    ASSERT_EQ(reply.authority.size(), 1U) << question;
    EXPECT_TRUE(reply.authority[0].starts_with("z. 2 IN SOA ")) << reply.authority[0];
    EXPECT_TRUE(reply.authority[0].ends_with(" 2")) << "MINIMUM: " << reply.authority[0];
    EXPECT_TRUE(reply.authoritative) << question;
  }
};

TEST_F(ZoneAnswerTest, SrvIsOneRecordAnInstance) {
  tell("time 10.0.1.7:8081 weight=50 priority=2\n time 10.0.1.8:8082 weight=70 priority=3");
  const ZoneReply reply = ask("time SRV");
  EXPECT_EQ(reply.answer, (Texts{"time.z. 5 IN SRV 2 50 8081 ip-10-0-1-7.addr.z.",
                                 "time.z. 5 IN SRV 3 70 8082 ip-10-0-1-8.addr.z."}));
  EXPECT_EQ(reply.rcode, Rcode::NOERROR);
  EXPECT_TRUE(reply.authoritative);
  EXPECT_FALSE(reply.authentic);
  EXPECT_FALSE(reply.truncated);
  EXPECT_EQ(reply.authority, Texts{});
  EXPECT_EQ(reply.extended, "");
}

TEST_F(ZoneAnswerTest, SrvHasTheTargetsAddressesBesideIt) {
  tell("time 10.0.1.7:8081 priority=1\n time [2001:db8::7]:8081 priority=2");
  EXPECT_EQ(ask("time SRV").additional, (Texts{"ip-10-0-1-7.addr.z. 5 IN A 10.0.1.7",
                                               "ip-2001-db8--7.addr.z. 5 IN AAAA 2001:db8::7"}));
}

TEST_F(ZoneAnswerTest, SharesOneAddressRecordAmongSrvsOfOneTarget) {
  tell("time 10.0.1.7:8081\n time 10.0.1.7:8082");
  const ZoneReply reply = ask("time SRV");
  EXPECT_EQ(reply.answer.size(), 2U);
  EXPECT_EQ(reply.additional, Texts{"ip-10-0-1-7.addr.z. 5 IN A 10.0.1.7"});
}

TEST_F(ZoneAnswerTest, SrvRecordsThatWouldBeEqualAreOne) {
  tell("time 10.0.1.7:8081 id=a\n time 10.0.1.7:8081 id=b");
  EXPECT_EQ(ask("time SRV").answer, Texts{"time.z. 5 IN SRV 1 100 8081 ip-10-0-1-7.addr.z."})
      << "RFC 2181, 5: a set has no record twice";
}

TEST_F(ZoneAnswerTest, EchoesTheClientsSpelling) {
  tell("time 10.0.1.7:8081");
  const ZoneReply reply = ask("TiMe SRV");
  EXPECT_EQ(reply.question, "TiMe.z. SRV");
  EXPECT_EQ(reply.answer, Texts{"TiMe.z. 5 IN SRV 1 100 8081 ip-10-0-1-7.addr.z."});
}

TEST_F(ZoneAnswerTest, AddressesAreThoseOfTheInstancesEachOnce) {
  tell(
      "time 10.0.1.7:8081 priority=1\n time 10.0.1.8:8081 priority=2\n"
      "time 10.0.1.7:8082 priority=3\n time [2001:db8::7]:8081 priority=4");
  EXPECT_EQ(ask("time A").answer, (Texts{"time.z. 5 IN A 10.0.1.7", "time.z. 5 IN A 10.0.1.8"}));
  EXPECT_EQ(ask("time AAAA").answer, Texts{"time.z. 5 IN AAAA 2001:db8::7"});
}

TEST_F(ZoneAnswerTest, TheOtherFamilyIsNodataNeverNxdomain) {
  tell("four 10.0.1.7:8081\n six [2001:db8::7]:8081");
  expect_nodata("four AAAA");
  expect_nodata("six A");
}

TEST_F(ZoneAnswerTest, AnInstanceWithoutPortIsInAddressesOnly) {
  tell("web 198.51.100.7");
  EXPECT_EQ(ask("web A").data(), Texts{"198.51.100.7"});
  expect_nodata("web SRV");
}

TEST_F(ZoneAnswerTest, AnswersBothSpellingsWhicheverTheCatalogUses) {
  tell("time 10.0.1.7:8081\n _clock._tcp 10.0.1.8:8082");
  for (const char* name : {"time", "_time._tcp", "_time._udp", "_TIME._TCP"}) {
    EXPECT_EQ(ask(name + std::string(" SRV")).data(), Texts{"1 100 8081 ip-10-0-1-7.addr.z."})
        << name;
    EXPECT_EQ(ask(name + std::string(" A")).data(), Texts{"10.0.1.7"}) << name;
  }
  for (const char* name : {"clock", "_clock._tcp", "_clock._udp"})
    EXPECT_EQ(ask(name + std::string(" SRV")).data(), Texts{"1 100 8082 ip-10-0-1-8.addr.z."})
        << name;
  EXPECT_EQ(ask("_time._tcp SRV").answer[0],
            "_time._tcp.z. 5 IN SRV 1 100 8081 ip-10-0-1-7.addr.z.");
}

TEST_F(ZoneAnswerTest, MergesBothSpellingsIntoOneService) {
  tell("time 10.0.1.7:8081\n _time._tcp 10.0.1.8:8081");
  EXPECT_EQ(ask("time SRV").answer.size(), 2U);
  EXPECT_EQ(ask("_time._tcp SRV").answer.size(), 2U);
}

TEST_F(ZoneAnswerTest, TheProtocolAloneIsAnEmptyNonTerminal) {
  tell("time 10.0.1.7:8081");
  expect_nodata("_tcp A");
  expect_nodata("_udp SRV");
  expect_nxdomain("_sctp A");
}

TEST_F(ZoneAnswerTest, AVersionInFrontChoosesItsInstances) {
  tell("time 10.0.1.7:1 version=1 priority=1\n time 10.0.1.8:2 version=2 priority=2");
  EXPECT_EQ(ask("1.time SRV").answer, Texts{"1.time.z. 5 IN SRV 1 100 1 ip-10-0-1-7.addr.z."});
  EXPECT_EQ(ask("2.time A").data(), Texts{"10.0.1.8"});
  EXPECT_EQ(ask("2._time._tcp SRV").data(), Texts{"2 100 2 ip-10-0-1-8.addr.z."});
  EXPECT_EQ(ask("time SRV").answer.size(), 2U) << "without a version: all of them";
  expect_nxdomain("3.time SRV");
  expect_nodata("1.time AAAA");
}

TEST_F(ZoneAnswerTest, AVersionMayHaveDots) {
  tell("helloworld 10.0.1.7:1 version=1.0");
  EXPECT_EQ(ask("1.0.helloworld A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("1.0._helloworld._tcp A").data(), Texts{"10.0.1.7"});
  expect_nodata("0.helloworld A");
  expect_nodata("0._helloworld._tcp SRV");
  expect_nxdomain("1.helloworld A");
  expect_nxdomain("2.1.0.helloworld A");
}

TEST_F(ZoneAnswerTest, AServiceNameMayHaveDots) {
  tell("api.web 10.0.1.7:1");
  EXPECT_EQ(ask("api.web A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("_api.web._tcp A").data(), Texts{"10.0.1.7"});
  expect_nodata("web A");
}

TEST_F(ZoneAnswerTest, TextTellsAllOfAnInstance) {
  tell("time 10.0.1.7:8081 id=a version=1.0 status=healthy url=http://x/ zone=us-east-1a");
  EXPECT_EQ(ask("time TXT").answer, Texts{"time.z. 5 IN TXT \"id=a\" \"version=1.0\" "
                                          "\"status=healthy\" \"url=http://x/\" "
                                          "\"zone=us-east-1a\""});
}

TEST_F(ZoneAnswerTest, AnOpaqueInstanceIsInTextOnly) {
  tell("time - id=opaque");
  expect_nodata("time SRV");
  expect_nodata("time A");
  ASSERT_EQ(ask("time TXT").answer.size(), 1U);
  EXPECT_NE(ask("time TXT").answer[0].find("\"id=opaque\""), std::string::npos);
  ASSERT_EQ(ask("_explain.time TXT").answer.size(), 1U);
  EXPECT_NE(ask("_explain.time TXT").answer[0].find("opaque"), std::string::npos);
}

TEST_F(ZoneAnswerTest, UriIsTheWholeEndpoint) {
  tell(
      "time 10.0.1.7:8081 priority=2 weight=30 url=http://10.0.1.7:8081/path\n"
      "time 10.0.1.8:8081 priority=3");
  EXPECT_EQ(ask("time URI").answer, Texts{"time.z. 5 IN URI 2 30 \"http://10.0.1.7:8081/path\""});
  EXPECT_EQ(ask("_time._tcp URI").data(), Texts{"2 30 \"http://10.0.1.7:8081/path\""});
}

TEST_F(ZoneAnswerTest, UriIsNodataWithoutUrls) {
  tell("time 10.0.1.7:8081");
  expect_nodata("time URI");
}

TEST_F(ZoneAnswerTest, HttpsHasPortAndHints) {
  tell("api 10.0.1.7:8443 url=https://10.0.1.7:8443/");
  EXPECT_EQ(ask("api HTTPS").data(), Texts{"1 ip-10-0-1-7.addr.z. port=8443 ipv4hint=10.0.1.7"});
  EXPECT_EQ(ask("api SVCB").data(), Texts{"1 ip-10-0-1-7.addr.z. port=8443 ipv4hint=10.0.1.7"});
}

TEST_F(ZoneAnswerTest, HttpsOfAnIPv6InstanceHasItsHint) {
  tell("api [2001:db8::7]:8443 url=https://[2001:db8::7]:8443/");
  EXPECT_EQ(ask("api HTTPS").data(),
            Texts{"1 ip-2001-db8--7.addr.z. port=8443 ipv6hint=2001:db8::7"});
}

TEST_F(ZoneAnswerTest, HttpsIsNeverAnAlias) {
  tell("api 10.0.1.7:8443 priority=0 url=https://10.0.1.7:8443/");
  const ZoneReply reply = ask("api HTTPS");
  ASSERT_EQ(reply.answer.size(), 1U);
  EXPECT_FALSE(reply.data()[0].starts_with("0 ")) << "RFC 9460, 2.4.1: 0 is AliasMode";
}

TEST_F(ZoneAnswerTest, HttpsOfAnInstanceWithoutHostIsNodata) {
  tell("api - id=opaque url=https://opaque/");
  expect_nodata("api HTTPS");
}

TEST_F(ZoneAnswerTest, HttpsIsNodataForOtherUrls) {
  tell("time 10.0.1.7:8081 url=http://10.0.1.7:8081/\n none 10.0.1.7:1");
  expect_nodata("time HTTPS");
  expect_nodata("time SVCB");
  expect_nodata("none HTTPS");
}

TEST_F(ZoneAnswerTest, ExplainSaysWhyAnInstanceIsInOrOut) {
  tell(
      "time 10.0.1.7:8081 id=a weight=30 status=healthy\n"
      "time 10.0.1.8:8081 id=b status=unhealthy\n time 10.0.1.9:8081 id=c status=draining");
  catalog().table(now);
  now += std::chrono::seconds(42);
  const ZoneReply reply = ask("_explain.time TXT");
  ASSERT_EQ(reply.answer.size(), 3U) << "those that are out as well";
  const Texts said = reply.sorted();
  EXPECT_EQ(said[0],
            "\"a in: catalog says healthy since 42 s; weight 30 (catalog 30 x 1), priority 1; "
            "source file, data 42 s old\"");
  EXPECT_TRUE(said[1].starts_with("\"b out: ")) << said[1];
  EXPECT_NE(said[1].find("catalog says unhealthy since 42 s"), std::string::npos) << said[1];
  EXPECT_TRUE(said[2].starts_with("\"c out: ")) << said[2];
  EXPECT_NE(said[2].find("draining"), std::string::npos) << said[2];
  expect_nodata("_explain.time A");
  expect_nxdomain("_explain.nothing TXT");
}

TEST_F(ZoneAnswerTest, ListsServiceTypes) {
  tell("time 10.0.1.7:8081\n _clock._tcp 10.0.1.8:8082");
  const ZoneReply reply = ask("_services._dns-sd._udp PTR");
  EXPECT_EQ(reply.sorted(), (Texts{"_clock._tcp.z.", "_time._tcp.z."}));
  EXPECT_TRUE(reply.answer[0].starts_with("_services._dns-sd._udp.z. 5 IN PTR "));
  expect_nodata("_dns-sd._udp A");
  expect_nodata("_services._dns-sd._udp A");
}

TEST_F(ZoneAnswerTest, BrowsesInstances) {
  tell("time 10.0.1.7:8081 id=Time-1\n time 10.0.1.8:8082 id=time-2");
  EXPECT_EQ(ask("_time._tcp PTR").sorted(),
            (Texts{"time-1._time._tcp.z.", "time-2._time._tcp.z."}));
  EXPECT_EQ(ask("time-2._time._tcp SRV").answer,
            Texts{"time-2._time._tcp.z. 5 IN SRV 1 100 8082 ip-10-0-1-8.addr.z."});
  EXPECT_NE(ask("time-1._time._tcp TXT").answer.at(0).find("\"id=Time-1\""), std::string::npos);
  expect_nodata("time-1._time._tcp AAAA");
  expect_nxdomain("time-3._time._tcp SRV");
}

TEST_F(ZoneAnswerTest, AnInstanceAnswersByItsOwnNameAlone) {
  tell("time 10.0.1.7:8081 id=Time-1\n time 10.0.1.8:8082 id=time-2");
  for (const char* name : {"time-2.time", "time-2._time._tcp", "TIME-2.time"}) {
    EXPECT_EQ(ask(std::string(name) + " A").data(), Texts{"10.0.1.8"}) << name;
    EXPECT_EQ(ask(std::string(name) + " SRV").data(), Texts{"1 100 8082 ip-10-0-1-8.addr.z."});
  }
  EXPECT_NE(ask("time-1.time TXT").answer.at(0).find("\"id=Time-1\""), std::string::npos);
  expect_nodata("time-1.time AAAA");
  expect_nxdomain("time-3.time A");
}

TEST_F(ZoneAnswerTest, BrowsesIdsThatAreNoHostNames) {
  tell("time 10.0.1.7:8081 id=10.0.1.7:8081");
  const Texts instances = ask("_time._tcp PTR").data();
  ASSERT_EQ(instances.size(), 1U);
  EXPECT_EQ(ask(instances[0] + " SRV").data(), Texts{"1 100 8081 ip-10-0-1-7.addr.z."});
}

TEST_F(ZoneAnswerTest, TargetNamesAreTheAddressesThatTheCatalogHolds) {
  tell("time 10.0.1.7:8081\n time [2001:db8::1]:8081");
  EXPECT_EQ(ask("ip-10-0-1-7.addr A").answer, Texts{"ip-10-0-1-7.addr.z. 5 IN A 10.0.1.7"});
  EXPECT_EQ(ask("ip-2001-db8--1.addr AAAA").data(), Texts{"2001:db8::1"});
  expect_nodata("ip-10-0-1-7.addr AAAA");
  expect_nodata("addr A");
  expect_nxdomain("ip-10-0-1-8.addr A");
  expect_nxdomain("web.addr A");
  expect_nxdomain("x.ip-10-0-1-7.addr A");
}

TEST_F(ZoneAnswerTest, ATargetGoesWithItsLastInstance) {
  tell("time 10.0.1.7:8081");
  tell("time 10.0.1.8:8081");
  expect_nxdomain("ip-10-0-1-7.addr A");
  EXPECT_EQ(ask("ip-10-0-1-8.addr A").answer.size(), 1U);
}

TEST_F(ZoneAnswerTest, RecordsStandAsTheyAre) {
  tell(
      "= web.z. 3 IN MX 10 mail.example.\n= web.z. 3 IN TXT \"a b\" \"c\"\n"
      "= web.z. 3 IN TYPE65280 \\# 3 010203");
  EXPECT_EQ(ask("web MX").answer, Texts{"web.z. 3 IN MX 10 mail.example."});
  EXPECT_EQ(ask("web TXT").data(), Texts{"\"a b\" \"c\""});
  EXPECT_EQ(ask("web TYPE65280").data(), Texts{"\\# 3 010203"});
  expect_nodata("web A");
}

TEST_F(ZoneAnswerTest, AWildcardAnswersNamesThatDoNotExist) {
  tell(
      "= *.dev.z. 3 IN A 198.51.100.7\n= real.dev.z. 3 IN TXT \"x\"\n"
      "= deep.sub.dev.z. 3 IN TXT \"x\"");
  EXPECT_EQ(ask("any.dev A").answer, Texts{"any.dev.z. 3 IN A 198.51.100.7"});
  EXPECT_EQ(ask("a.b.dev A").answer, Texts{"a.b.dev.z. 3 IN A 198.51.100.7"});
  EXPECT_EQ(ask("*.dev A").data(), Texts{"198.51.100.7"});
  expect_nodata("any.dev MX");
  expect_nodata("real.dev A");
  expect_nodata("dev A");
  expect_nodata("sub.dev A");
  expect_nxdomain("a.real.dev A");  // RFC 4592, 2.2.1: the closest encloser is real.dev
  expect_nxdomain("a.sub.dev A");
}

TEST_F(ZoneAnswerTest, AServiceHidesTheWildcard) {
  tell("= *.z. 3 IN A 198.51.100.7\n time [2001:db8::1]:8081 version=1");
  EXPECT_EQ(ask("any A").data(), Texts{"198.51.100.7"});
  expect_nodata("time A");
  expect_nodata("1.time A");
}

TEST_F(ZoneAnswerTest, FollowsAliasesInsideTheZone) {
  tell("= www.z. 3 IN CNAME web.z.\n= web.z. 3 IN CNAME real.z.\n= real.z. 3 IN A 198.51.100.7");
  EXPECT_EQ(ask("www A").answer, (Texts{"www.z. 3 IN CNAME web.z.", "web.z. 3 IN CNAME real.z.",
                                        "real.z. 3 IN A 198.51.100.7"}));
  EXPECT_EQ(ask("www CNAME").answer, Texts{"www.z. 3 IN CNAME web.z."});
}

TEST_F(ZoneAnswerTest, AnAliasMayLeadToAService) {
  tell("= clock.z. 3 IN CNAME time.z.\n time 10.0.1.7:8081");
  EXPECT_EQ(ask("clock A").answer,
            (Texts{"clock.z. 3 IN CNAME time.z.", "time.z. 5 IN A 10.0.1.7"}));
  EXPECT_EQ(ask("clock SRV").answer, (Texts{"clock.z. 3 IN CNAME time.z.",
                                            "time.z. 5 IN SRV 1 100 8081 ip-10-0-1-7.addr.z."}));
}

TEST_F(ZoneAnswerTest, AnAliasToANameWithoutTheTypeIsNodataWithTheAlias) {
  tell(
      "= www.z. 3 IN CNAME time.z.\n= to-empty.z. 3 IN CNAME _tcp.z.\n"
      "= to-text.z. 3 IN CNAME text.z.\n= text.z. 3 IN TXT \"x\"\n time 10.0.1.7:8081");
  for (const char* question : {"www AAAA", "www MX", "to-empty A", "to-text A"}) {
    const ZoneReply reply = ask(question);
    EXPECT_EQ(reply.answer.size(), 1U) << question;
    EXPECT_EQ(reply.rcode, Rcode::NOERROR) << question;
    expect_soa(reply, question);
  }
}

TEST_F(ZoneAnswerTest, AnAliasMayLeadToAnyNameOfOurs) {
  tell(
      "= host.z. 3 IN CNAME ip-10-0-1-7.addr.z.\n= one.z. 3 IN CNAME a._time._tcp.z.\n"
      "= old.z. 3 IN CNAME 1.time.z.\n= browse.z. 3 IN CNAME _time._tcp.z.\n"
      " time 10.0.1.7:8081 version=1 id=a\n time 10.0.1.8:8081 version=2 id=b");
  EXPECT_EQ(ask("host A").answer.at(1), "ip-10-0-1-7.addr.z. 5 IN A 10.0.1.7");
  EXPECT_EQ(ask("one SRV").answer.at(1), "a._time._tcp.z. 5 IN SRV 1 100 8081 ip-10-0-1-7.addr.z.");
  EXPECT_EQ(ask("old A").answer.at(1), "1.time.z. 5 IN A 10.0.1.7");
  EXPECT_EQ(ask("browse PTR").answer.size(), 3U);
  EXPECT_TRUE(ask("browse PTR").answer.at(1).ends_with("._time._tcp.z."));
}

TEST_F(ZoneAnswerTest, AnAliasOutOfTheZoneIsForUpstream) {
  tell("= www.z. 3 IN CNAME web.example.");
  const ZoneReply first = ask("www A");
  EXPECT_EQ(first.verdict, ZoneVerdict::resolve);
  EXPECT_EQ(first.unresolved, Texts{"web.example. A"});
  targets.known["web.example. A"] = {"198.51.100.7"};
  targets.ttl = 77;
  EXPECT_EQ(ask("www A").answer,
            (Texts{"www.z. 3 IN CNAME web.example.", "web.example. 77 IN A 198.51.100.7"}))
      << "not of the zone: its TTL is upstream's";
}

TEST_F(ZoneAnswerTest, AliasesThatLoopEnd) {
  tell("= a.z. 3 IN CNAME b.z.\n= b.z. 3 IN CNAME a.z.\n= self.z. 3 IN CNAME self.z.");
  EXPECT_LE(ask("a A").answer.size(), 20U);
  EXPECT_LE(ask("self A").answer.size(), 20U);
}

TEST_F(ZoneAnswerTest, AnAliasToNothingIsNxdomainWithTheAlias) {
  tell("= www.z. 3 IN CNAME gone.z.");
  const ZoneReply reply = ask("www A");
  EXPECT_EQ(reply.answer, Texts{"www.z. 3 IN CNAME gone.z."});
  EXPECT_EQ(reply.rcode, Rcode::NXDOMAIN) << "RFC 6604: of the last name";
  ASSERT_EQ(reply.authority.size(), 1U);
}

TEST_F(ZoneAnswerTest, ReverseNamesAreTargets) {
  tell("time 10.0.1.7:8081");
  EXPECT_EQ(ask_reverse("10.0.1.7").data(), Texts{"ip-10-0-1-7.addr.z."});
  EXPECT_TRUE(ask_reverse("10.0.1.8").wire.empty()) << "not in the table: forwarded";
}

TEST_F(ZoneAnswerTest, TheApexIsTheDaemon) {
  settings.own_addresses = {dns::IpAddress::from_text("10.0.0.2").value(),
                            dns::IpAddress::from_text("2001:db8::2").value()};
  tell("time 10.0.1.7:8081");
  const ZoneReply soa = ask("@ SOA");
  ASSERT_EQ(soa.answer.size(), 1U);
  EXPECT_TRUE(soa.answer[0].starts_with("z. 5 IN SOA ns.z. ")) << soa.answer[0];
  EXPECT_TRUE(soa.answer[0].ends_with(" 2")) << soa.answer[0];
  EXPECT_EQ(ask("@ NS").answer, Texts{"z. 5 IN NS ns.z."});
  EXPECT_EQ(ask("ns A").answer, Texts{"ns.z. 5 IN A 10.0.0.2"});
  EXPECT_EQ(ask("ns AAAA").data(), Texts{"2001:db8::2"});
  expect_nodata("@ A");
  expect_nodata("ns SRV");
}

TEST_F(ZoneAnswerTest, IgnoresTheSoaAndNsOfTheApexInCatalogs) {
  tell(
      "= z. 60 IN SOA other.example. admin.example. 1 2 3 4 86400\n= z. 60 IN NS other.example.\n"
      "= z. 3 IN TXT \"apex\"");
  EXPECT_TRUE(ask("@ SOA").answer.at(0).starts_with("z. 5 IN SOA ns.z. "));
  EXPECT_EQ(ask("@ NS").data(), Texts{"ns.z."});
  EXPECT_EQ(ask("@ TXT").data(), Texts{"\"apex\""}) << "everything else stands";
}

TEST_F(ZoneAnswerTest, TheSerialRisesWithTheTable) {
  tell("time 10.0.1.7:8081");
  const auto serial = [this] {
    return std::stoul(support::without_fields(ask("@ SOA").data().at(0), 2));
  };
  const auto first = serial();
  EXPECT_EQ(serial(), first);
  tell("time 10.0.1.8:8081");
  EXPECT_EQ(serial(), first + 1);
}

TEST_F(ZoneAnswerTest, AnyIsOneHinfo) {
  tell("time 10.0.1.7:8081");
  const ZoneReply reply = ask("time TYPE255");
  EXPECT_EQ(reply.data(), Texts{"\"RFC8482\" \"\""});
  EXPECT_EQ(ask("@ TYPE255").data(), Texts{"\"RFC8482\" \"\""});
  expect_nxdomain("gone TYPE255");
}

TEST_F(ZoneAnswerTest, OtherTypesOfAServiceAreNodata) {
  tell("time 10.0.1.7:8081");
  for (const char* type : {"MX", "NS", "SOA", "CNAME", "NAPTR", "DS", "TYPE65280"})
    expect_nodata("time " + std::string(type));
}

TEST_F(ZoneAnswerTest, ANameThatIsNotThereIsNxdomain) {
  tell("time 10.0.1.7:8081");
  expect_nxdomain("gone A");
  expect_nxdomain("_gone._tcp SRV");
  expect_nxdomain("x.y.gone A");
}

TEST_F(ZoneAnswerTest, AServiceWithoutInstancesIsNodata) {
  tell("time");
  expect_nodata("time SRV");
  expect_nodata("time A");
  expect_nodata("_time._tcp SRV");
  expect_nodata("time TXT");
}

TEST_F(ZoneAnswerTest, AChangeTakesEffectOnTheNextQuery) {
  tell("");
  expect_nxdomain("time A");
  tell("time 10.0.1.7:8081");
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
  tell("");
  expect_nxdomain("time A");
}

}  // namespace
}  // namespace cache
