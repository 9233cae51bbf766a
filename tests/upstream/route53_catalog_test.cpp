// The rows of zone.md, "Route 53 sets become instances".
#include "upstream/route53_catalog.h"

#include <gtest/gtest.h>

#include "tests/support/route53_pages.h"
#include "upstream/route53_xml.h"

namespace upstream {
namespace {

using cache::Status;
using support::alias_set;
using support::checked;
using support::element;
using support::record_set;
using support::routed;
using support::weighted;
using Texts = std::vector<std::string>;

const std::string kPrimary = element("Failover", "PRIMARY");
const std::string kSecondary = element("Failover", "SECONDARY");
const std::string kMultivalue = element("MultiValueAnswer", "true");

class Route53CatalogTest : public ::testing::Test {
 protected:
  Route53Known known;
  dns::Name zone = dns::Name::from_text("z.").value();
  Texts left_out;

  Route53CatalogTest() { known.zone_id = "ZONE"; }

  cache::CatalogPart read(const std::string& sets) {
    auto page = read_record_sets_page(support::sets_page(sets));
    EXPECT_TRUE(page.ok() && page.value().left_out.empty());
    const Route53Sets all(std::move(page.value().sets));
    auto part = read_route53_sets(all, known, zone);
    left_out = part.left_out;
    return std::move(part.part);
  }

  /// `time: h1:81 p1 w2 healthy id` a line for each instance.
  Texts instances(const std::string& sets) {
    Texts lines;
    for (const auto& service : read(sets).services) {
      for (const auto& one : service.instances) {
        lines.push_back(service.name + ": " + one.host + ":" + std::to_string(one.port) + " p" +
                        std::to_string(one.priority) + " w" + std::to_string(one.weight) + " " +
                        word(one) + " " + one.id);
      }
    }
    return lines;
  }

  Texts records(const std::string& sets) {
    Texts lines;
    for (const auto& record : read(sets).records) {
      lines.push_back(record.owner.to_text() + " " + std::to_string(record.ttl) + " " +
                      dns::to_text(record.type) + " " + std::to_string(record.rdata.back()));
    }
    return lines;
  }

  static std::string word(const cache::Instance& instance) {
    if (instance.status == Status::draining) return instance.status_text;
    if (instance.status == Status::unknown) return "unknown";
    return instance.status == Status::healthy ? "healthy" : "unhealthy";
  }
};

TEST_F(Route53CatalogTest, AllSetsOfOneNameBecomeInstances) {
  EXPECT_EQ(instances(record_set("_calc._tcp.z.", "SRV", {"1 1 32768 h1.compute.internal"},
                                 weighted("h1:aa", 1)) +
                      record_set("_calc._tcp.z.", "SRV", {"1 1 32769 h2.compute.internal."},
                                 weighted("h2:bb", 1))),
            (Texts{"_calc._tcp: h1.compute.internal:32768 p1 w1 unknown h1:aa",
                   "_calc._tcp: h2.compute.internal:32769 p1 w1 unknown h2:bb"}));
}

TEST_F(Route53CatalogTest, TheTtlOfZeroStays) {
  const auto part =
      read(record_set("calc.z.", "SRV", {"1 1 80 h1.example"}, weighted("a", 1), "0") +
           record_set("calc.z.", "SRV", {"1 1 80 h2.example"}, weighted("b", 1), "9"));
  ASSERT_EQ(part.services.size(), 1U);
  EXPECT_EQ(part.services[0].ttl, 0U);
}

TEST_F(Route53CatalogTest, ASimpleSetHasEachValuesOwnPriorityAndWeight) {
  EXPECT_EQ(instances(record_set("calc.z.", "SRV", {"1 10 80 h1.example", "2 20 81 h2.example"})),
            (Texts{"calc: h1.example:80 p1 w10 unknown h1.example:80",
                   "calc: h2.example:81 p2 w20 unknown h2.example:81"}));
}

TEST_F(Route53CatalogTest, TheSetsWeightGoesTimesTheValues) {
  EXPECT_EQ(
      instances(record_set("calc.z.", "SRV", {"1 5 80 h1.example"}, weighted("a", 30)) +
                record_set("calc.z.", "SRV", {"1 5 80 h2.example"}, weighted("b", 70))),
      (Texts{"calc: h1.example:80 p1 w150 unknown a", "calc: h2.example:80 p1 w350 unknown b"}));
}

TEST_F(Route53CatalogTest, AWeightOfZeroIsOutUnlessAllAreZero) {
  const auto two = [](int a, int b) {
    return record_set("calc.z.", "SRV", {"1 5 80 h1.example"}, weighted("a", a)) +
           record_set("calc.z.", "SRV", {"1 5 80 h2.example"}, weighted("b", b));
  };
  EXPECT_EQ(instances(two(0, 1)),
            (Texts{"calc: h2.example:80 p1 w5 unknown b", "calc: h1.example:80 p1 w5 weight 0 a"}));
  EXPECT_EQ(instances(two(0, 0)),
            (Texts{"calc: h1.example:80 p1 w5 unknown a", "calc: h2.example:80 p1 w5 unknown b"}));
}

TEST_F(Route53CatalogTest, ZeroWeightsStandInWhenAllOthersAreUnhealthy) {
  known.health = {{"c1", Status::unhealthy}};
  EXPECT_EQ(
      instances(
          record_set("calc.z.", "SRV", {"1 5 80 h1.example"}, weighted("a", 9) + checked("c1")) +
          record_set("calc.z.", "SRV", {"1 5 80 h2.example"}, weighted("b", 0))),
      (Texts{"calc: h1.example:80 p1 w45 unhealthy a", "calc: h2.example:80 p1 w5 unknown b"}));
}

TEST_F(Route53CatalogTest, FailoverIsThePrimaryWhileItIsHealthy) {
  const std::string sets =
      record_set("db.z.", "SRV", {"1 1 80 h1.example"}, routed("p", kPrimary) + checked("c1")) +
      record_set("db.z.", "SRV", {"1 1 80 h2.example"}, routed("s", kSecondary) + checked("c2"));
  using S = Status;
  const auto with = [&](S primary, S secondary) {
    known.health = {{"c1", primary}, {"c2", secondary}};
    return instances(sets);
  };
  EXPECT_EQ(with(S::healthy, S::healthy),
            (Texts{"db: h1.example:80 p1 w1 healthy p", "db: h2.example:80 p1 w1 standby s"}));
  EXPECT_EQ(with(S::unhealthy, S::healthy),
            (Texts{"db: h1.example:80 p1 w1 unhealthy p", "db: h2.example:80 p1 w1 healthy s"}));
  EXPECT_EQ(with(S::unhealthy, S::unhealthy),
            (Texts{"db: h1.example:80 p1 w1 unhealthy p", "db: h2.example:80 p1 w1 standby s"}))
      << "neither is healthy: the primary";
  EXPECT_EQ(with(S::unknown, S::unknown)[1], "db: h2.example:80 p1 w1 standby s");
}

TEST_F(Route53CatalogTest, ASecondaryWithoutCheckIsAlwaysUsable) {
  known.health = {{"c1", Status::unhealthy}};
  EXPECT_EQ(
      instances(record_set("db.z.", "A", {"10.0.0.1"}, routed("p", kPrimary) + checked("c1")) +
                record_set("db.z.", "A", {"10.0.0.2"}, routed("s", kSecondary))),
      (Texts{"db: 10.0.0.1:0 p1 w100 unhealthy p", "db: 10.0.0.2:0 p1 w100 unknown s"}));
}

TEST_F(Route53CatalogTest, LatencyIsTheSetOfOurRegion) {
  const std::string sets = record_set("api.z.", "SRV", {"1 1 80 h1.example"},
                                      routed("eu", element("Region", "eu-west-1"))) +
                           record_set("api.z.", "SRV", {"1 1 80 h2.example"},
                                      routed("us", element("Region", "us-east-1")));
  known.region = "us-east-1";
  EXPECT_EQ(instances(sets), (Texts{"api: h2.example:80 p1 w1 unknown us",
                                    "api: h1.example:80 p1 w1 for elsewhere eu"}));
  for (const char* other : {"", "ap-south-1"}) {
    known.region = other;
    EXPECT_EQ(instances(sets),
              (Texts{"api: h1.example:80 p1 w1 unknown eu", "api: h2.example:80 p1 w1 unknown us"}))
        << other;
  }
}

TEST_F(Route53CatalogTest, AnUnhealthySetOfOurRegionGivesWay) {
  known.region = "us-east-1";
  known.health = {{"c1", Status::unhealthy}};
  EXPECT_EQ(
      instances(record_set("api.z.", "SRV", {"1 1 80 h1.example"},
                           routed("us", element("Region", "us-east-1")) + checked("c1")) +
                record_set("api.z.", "SRV", {"1 1 80 h2.example"},
                           routed("eu", element("Region", "eu-west-1")))),
      (Texts{"api: h2.example:80 p1 w1 unknown eu", "api: h1.example:80 p1 w1 unhealthy us"}));
}

TEST_F(Route53CatalogTest, GeolocationIsTheNarrowestPlaceThatHoldsUs) {
  const auto geo = [](const char* id, const char* host, const char* name, const char* place) {
    return record_set("api.z.", "SRV", {std::string("1 1 80 ") + host},
                      routed(id, element("GeoLocation", element(name, place))));
  };
  const std::string sets = geo("eu", "h1.example", "ContinentCode", "EU") +
                           geo("ie", "h2.example", "CountryCode", "IE") +
                           geo("any", "h3.example", "CountryCode", "*");
  const auto first_in = [&](const char* region) {
    known.region = region;
    return instances(sets).at(0);
  };
  EXPECT_EQ(first_in("eu-west-1"), "api: h2.example:80 p1 w1 unknown ie");
  EXPECT_EQ(first_in("eu-central-1"), "api: h1.example:80 p1 w1 unknown eu");
  EXPECT_EQ(first_in("us-west-2"), "api: h3.example:80 p1 w1 unknown any");
  known.region = "";
  EXPECT_EQ(instances(sets).at(2), "api: h2.example:80 p1 w1 unknown ie") << "all of them";
}

TEST_F(Route53CatalogTest, SeveralAddressesAreInstancesWithoutPort) {
  EXPECT_EQ(instances(record_set("web.z.", "A", {"10.0.0.1", "10.0.0.2"})),
            (Texts{"web: 10.0.0.1:0 p1 w100 unknown 10.0.0.1",
                   "web: 10.0.0.2:0 p1 w100 unknown 10.0.0.2"}));
  EXPECT_EQ(instances(record_set("web.z.", "A", {"10.0.0.1"}, weighted("a", 3)) +
                      record_set("web.z.", "A", {"10.0.0.2"}, weighted("b", 1))),
            (Texts{"web: 10.0.0.1:0 p1 w3 unknown a", "web: 10.0.0.2:0 p1 w1 unknown b"}));
  EXPECT_EQ(instances(record_set("web.z.", "AAAA", {"2001:db8::1"}, routed("a", kMultivalue)) +
                      record_set("web.z.", "AAAA", {"2001:db8::2"}, routed("b", kMultivalue)) +
                      record_set("web.z.", "A", {"10.0.0.2"})),
            (Texts{"web: 10.0.0.2:0 p1 w100 unknown 10.0.0.2",
                   "web: 2001:db8::1:0 p1 w100 unknown a", "web: 2001:db8::2:0 p1 w100 unknown b"}))
      << "one family has a choice, so both go together";
}

TEST_F(Route53CatalogTest, TheAgentsHostsKeepTheirRecords) {
  const std::string sets =
      record_set("ip-10-5-10-74.z.", "A", {"10.5.10.74"},
                 weighted("ip-10-5-10-74.ec2.internal", 1)) +
      record_set("calc.z.", "SRV", {"1 1 80 ip-10-5-10-74.ec2.internal"}, weighted("a", 1));
  EXPECT_EQ(records(sets), Texts{"ip-10-5-10-74.z. 0 A 74"});
  EXPECT_EQ(instances(sets), Texts{"calc: ip-10-5-10-74.ec2.internal:80 p1 w1 unknown a"});
}

TEST_F(Route53CatalogTest, ANameThatAServiceRunsOnKeepsAllItsRecords) {
  const std::string sets = record_set("host.z.", "A", {"10.0.0.1", "10.0.0.2"}) +
                           record_set("calc.z.", "SRV", {"1 1 80 host.z"});
  EXPECT_EQ(records(sets), (Texts{"host.z. 0 A 1", "host.z. 0 A 2"}));
}

TEST_F(Route53CatalogTest, OneAddressIsARecord) {
  EXPECT_EQ(records(record_set("db.z.", "A", {"10.0.0.9"}, "", "300")), Texts{"db.z. 300 A 9"});
}

TEST_F(Route53CatalogTest, OtherTypesStandAsTheyAre) {
  EXPECT_EQ(records(record_set("t.z.", "TXT", {"\"ab\""}, "", "60")), Texts{"t.z. 60 TXT 98"});
  EXPECT_EQ(records(record_set("m.z.", "MX", {"10 mail.example.com"}, "", "60")),
            Texts{"m.z. 60 MX 0"});
  EXPECT_EQ(records(record_set("c.z.", "CAA", {"0 issue \"a\""}, "", "60")),
            Texts{"c.z. 60 TYPE257 97"});
  EXPECT_EQ(records(record_set("\\052.z.", "A", {"10.0.0.1", "10.0.0.2"}, "", "60")),
            (Texts{"*.z. 60 A 1", "*.z. 60 A 2"}));
  EXPECT_EQ(records(record_set("\\052.z.", "SRV", {"1 1 80 h.example"}, "", "60")),
            Texts{"*.z. 60 SRV 0"});
}

TEST_F(Route53CatalogTest, RecordsAreOfTheSetsThatAnswer) {
  known.health = {{"c1", Status::unhealthy}};
  EXPECT_EQ(records(record_set("t.z.", "TXT", {"\"a\""}, routed("1", kMultivalue) + checked("c1")) +
                    record_set("t.z.", "TXT", {"\"b\""}, routed("2", kMultivalue))),
            Texts{"t.z. 0 TXT 98"});
  EXPECT_EQ(records(record_set("t.z.", "TXT", {"\"a\""}, routed("1", kMultivalue) + checked("c1"))),
            Texts{"t.z. 0 TXT 97"})
      << "none is healthy: all";
}

TEST_F(Route53CatalogTest, TheApexSoaAndNsAreTheDaemonsOwn) {
  EXPECT_EQ(records(record_set("z.", "SOA", {"ns-1.example. h.example. 1 7200 900 1209600 86400"}) +
                    record_set("z.", "NS", {"ns-1.example."}) +
                    record_set("z.", "A", {"10.0.0.1", "10.0.0.2"}) +
                    record_set("sub.z.", "NS", {"ns-1.example."})),
            (Texts{"z. 0 A 1", "z. 0 A 2", "sub.z. 0 NS 0"}));
}

TEST_F(Route53CatalogTest, WhatIsOutsideOurZoneIsLeftOut) {
  zone = dns::Name::from_text("a.z.").value();
  EXPECT_EQ(
      records(record_set("db.z.", "A", {"10.0.0.1"}) + record_set("db.a.z.", "A", {"10.0.0.2"})),
      Texts{"db.a.z. 0 A 2"});
}

TEST_F(Route53CatalogTest, OneCnameIsARecordSeveralAreInstances) {
  EXPECT_EQ(records(record_set("w.z.", "CNAME", {"h1.example"}, weighted("a", 1))),
            Texts{"w.z. 0 CNAME 0"});
  EXPECT_EQ(instances(record_set("w.z.", "CNAME", {"h1.example"}, weighted("a", 1)) +
                      record_set("w.z.", "CNAME", {"h2.example"}, weighted("b", 3))),
            (Texts{"w: h1.example:0 p1 w1 unknown a", "w: h2.example:0 p1 w3 unknown b"}));
}

TEST_F(Route53CatalogTest, AnAliasHasTheRecordsOfItsTargetInTheZone) {
  const std::string target = record_set("calc.z.", "SRV", {"1 2 80 h1.example"}, weighted("a", 5));
  EXPECT_EQ(instances(alias_set("sum.z.", "SRV", "ZONE", "calc.z.") + target).front(),
            "sum: h1.example:80 p1 w10 unknown a");
  EXPECT_EQ(records(alias_set("d.z.", "A", "ZONE", "e.z") +
                    alias_set("e.z.", "A", "/hostedzone/ZONE", "f.z.") +
                    record_set("f.z.", "A", {"10.0.0.7"}, "", "44")),
            (Texts{"d.z. 44 A 7", "e.z. 44 A 7", "f.z. 44 A 7"}))
      << "a chain; the TTL is the target's";
}

TEST_F(Route53CatalogTest, AnAliasFindsAWildcard) {
  EXPECT_EQ(records(alias_set("d.z.", "A", "ZONE", "x.dev.z.") +
                    record_set("\\052.dev.z.", "A", {"10.0.0.7"})),
            (Texts{"*.dev.z. 0 A 7", "d.z. 0 A 7"}));
  EXPECT_EQ(records(alias_set("d.z.", "A", "ZONE", "x.dev.z.") +
                    record_set("x.dev.z.", "TXT", {"\"t\""}) +
                    record_set("\\052.dev.z.", "A", {"10.0.0.7"})),
            (Texts{"*.dev.z. 0 A 7", "x.dev.z. 0 TXT 116"}))
      << "a name that is there has no wildcard";
}

TEST_F(Route53CatalogTest, ARingOfAliasesEnds) {
  EXPECT_EQ(
      records(alias_set("d.z.", "A", "ZONE", "e.z.") + alias_set("e.z.", "A", "ZONE", "d.z.") +
              alias_set("f.z.", "A", "ZONE", "f.z.")),
      Texts{});
}

TEST_F(Route53CatalogTest, AChainOfAliasesIsFollowedAsFarAsOneOfCnames) {
  std::string chain = record_set("n0.z.", "A", {"198.51.100.7"});
  for (int i = 1; i <= 16; ++i) {
    chain += alias_set("n" + std::to_string(i) + ".z.", "A", "ZONE",
                       "n" + std::to_string(i - 1) + ".z.");
  }
  EXPECT_EQ(records(chain).size(), 16U) << "n16 is one too far";
  EXPECT_EQ(left_out, Texts{"record set n16.z. A: expected a chain of at most 16 "
                            "aliases, found a longer one"});
}

TEST_F(Route53CatalogTest, AliasesToNamesInTheZoneKeepTheirWeights) {
  const Texts told = instances(record_set("blue.z.", "A", {"198.51.100.1"}) +
                               record_set("green.z.", "A", {"198.51.100.2"}) +
                               alias_set("web.z.", "A", "ZONE", "blue.z.", weighted("canary", 1)) +
                               alias_set("web.z.", "A", "ZONE", "green.z.", weighted("rest", 9)));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_NE(told[0].find("198.51.100.1:0 p1 w1 "), std::string::npos) << told[0];
  EXPECT_NE(told[1].find("198.51.100.2:0 p1 w9 "), std::string::npos) << told[1];
}

TEST_F(Route53CatalogTest, AnAliasToOutsideHasTheAddressesThatAreKnown) {
  const std::string sets = alias_set("web.z.", "A", "Z35", "LB-1.elb.amazonaws.com.") +
                           alias_set("web.z.", "AAAA", "Z35", "lb-1.elb.amazonaws.com.");
  EXPECT_EQ(instances(sets),
            Texts{"web: lb-1.elb.amazonaws.com:0 p1 w100 unknown lb-1.elb.amazonaws.com"})
      << "not known yet: the host itself, which upstream is asked for";
  known.hosts["lb-1.elb.amazonaws.com"] = {dns::IpAddress::from_text("198.51.100.7").value(),
                                           dns::IpAddress::from_text("2001:db8::7").value()};
  EXPECT_EQ(instances(sets), (Texts{"web: 198.51.100.7:0 p1 w100 unknown 198.51.100.7",
                                    "web: 2001:db8::7:0 p1 w100 unknown 2001:db8::7"}));
  EXPECT_EQ(records(alias_set("\\052.z.", "A", "Z35", "lb-1.elb.amazonaws.com.")),
            Texts{"*.z. 60 A 7"});
}

TEST_F(Route53CatalogTest, AFailoverOfAliasesLooksAtTheirTargets) {
  const std::string sets =
      alias_set("db.z.", "A", "ZONE", "one.z.", routed("p", kPrimary), true) +
      alias_set("db.z.", "A", "ZONE", "two.z.", routed("s", kSecondary), true) +
      record_set("one.z.", "A", {"10.0.0.1"}, routed("x", kMultivalue) + checked("c1")) +
      record_set("two.z.", "A", {"10.0.0.2"});
  known.health = {{"c1", Status::unhealthy}};
  EXPECT_EQ(instances(sets), (Texts{"db: 10.0.0.1:0 p1 w100 unhealthy x",
                                    "db: 10.0.0.2:0 p1 w100 unknown 10.0.0.2"}));
  known.health = {{"c1", Status::healthy}};
  EXPECT_EQ(instances(sets).at(1), "db: 10.0.0.2:0 p1 w100 standby 10.0.0.2");
}

TEST_F(Route53CatalogTest, AServiceWithoutInstancesIsThere) {
  const auto part = read(record_set("calc.z.", "SRV", {"0 0 0 ."}));
  ASSERT_EQ(part.services.size(), 1U);
  EXPECT_TRUE(part.services[0].instances.empty());
}

TEST_F(Route53CatalogTest, ABrokenValueIsLeftOutByName) {
  EXPECT_EQ(instances(record_set("calc.z.", "SRV", {"1 1 80", "1 1 80 h.example"})).size(), 1U);
  ASSERT_EQ(left_out.size(), 1U);
  EXPECT_TRUE(left_out[0].starts_with(
      "record set calc.z. SRV: expected a value of type SRV, found '1 1 80'"))
      << left_out[0];
  instances(record_set("web.z.", "A", {"10.0.0.1", "10.0.0.256", "2001:db8::1"}));
  EXPECT_EQ(left_out.size(), 2U);
}

TEST_F(Route53CatalogTest, ASetReadTwiceCountsAsItWasReadLast) {
  EXPECT_EQ(instances(record_set("calc.z.", "SRV", {"1 1 80 old.example"}, weighted("a", 1)) +
                      record_set("calc.z.", "SRV", {"1 1 80 new.example"}, weighted("a", 1))),
            Texts{"calc: new.example:80 p1 w1 unknown a"});
}

TEST_F(Route53CatalogTest, TellsItsCheckAndPlaceInTxt) {
  const auto part = read(record_set("calc.z.", "SRV", {"1 1 80 h.example"},
                                    routed("eu", element("Region", "eu-west-1")) + checked("c1")));
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(part.services.at(0).instances.at(0).attributes,
            (Pairs{{"place", "eu-west-1"}, {"health_check", "c1"}}));
}

}  // namespace
}  // namespace upstream
