#include "upstream/route53_xml.h"

#include <gtest/gtest.h>

#include "tests/support/route53_pages.h"

namespace upstream {
namespace {

using Policy = Route53Routing::Policy;
using support::element;
using support::record_set;
using support::sets_page;

Route53RecordSet only_set(const std::string& set) {
  const auto page = read_record_sets_page(sets_page(set));
  EXPECT_TRUE(page.ok() && page.value().sets.size() == 1) << set;
  return page.ok() && !page.value().sets.empty() ? page.value().sets[0] : Route53RecordSet();
}

std::string left_out(const std::string& set) {
  const auto page = read_record_sets_page(sets_page(set));
  EXPECT_TRUE(page.ok() && page.value().sets.empty() && page.value().left_out.size() == 1) << set;
  return page.ok() && !page.value().left_out.empty() ? page.value().left_out[0] : "";
}

template <typename Page>
std::string error_of(const dns::Result<Page>& page) {
  EXPECT_FALSE(page.ok());
  return page.ok() ? "" : page.error().message;
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(Route53Xml, ReadsASetAsTheEcsAgentWritesIt) {
  const auto set = only_set(
      record_set("_calc._tcp.z.", "SRV", {"1 1 32768 ip-10-5-10-74.us-west-2.compute.internal"},
                 support::weighted("ip-10-5-10-74:6d3b", 1) + support::checked("abcdef11-2222")));
  EXPECT_EQ(dns::to_text(set.owner), "_calc._tcp.z.");
  EXPECT_EQ(set.type, dns::Type::SRV);
  EXPECT_EQ(set.identifier, "ip-10-5-10-74:6d3b");
  EXPECT_EQ(set.routing, (Route53Routing{Policy::weighted, 1, false, ""}));
  EXPECT_EQ(set.ttl, 0U);
  EXPECT_EQ(set.values,
            std::vector<std::string>{"1 1 32768 ip-10-5-10-74.us-west-2.compute.internal"});
  EXPECT_EQ(set.health_check, "abcdef11-2222");
  EXPECT_FALSE(set.alias);
}

TEST(Route53Xml, ReadsAnAlias) {
  const auto set = only_set(support::alias_set("\\052.dev.z.", "A", "/hostedzone/Z35",
                                               "lb-1.elb.amazonaws.com.", "", true));
  EXPECT_EQ(dns::to_text(set.owner), "*.dev.z.");
  EXPECT_EQ(set.alias, (Route53Alias{"Z35", "lb-1.elb.amazonaws.com.", true}));
  EXPECT_FALSE(set.ttl);
}

struct PolicyCase {
  std::string elements;
  Route53Routing routing;
};

TEST(Route53Xml, ReadsEveryPolicy) {
  const PolicyCase cases[] = {
      {"", {}},
      {"<Weight>255</Weight>", {Policy::weighted, 255, false, ""}},
      {"<MultiValueAnswer>true</MultiValueAnswer>", {Policy::multivalue, 0, false, ""}},
      {"<MultiValueAnswer>false</MultiValueAnswer>", {}},
      {"<Failover>PRIMARY</Failover>", {Policy::failover, 0, true, ""}},
      {"<Failover>SECONDARY</Failover>", {Policy::failover, 0, false, ""}},
      {"<Region>eu-west-1</Region>", {Policy::latency, 0, false, "eu-west-1"}},
      {"<GeoLocation><ContinentCode>EU</ContinentCode></GeoLocation>",
       {Policy::continent, 0, false, "EU"}},
      {"<GeoLocation><CountryCode>*</CountryCode></GeoLocation>", {Policy::country, 0, false, "*"}},
      {"<GeoLocation><CountryCode>US</CountryCode><SubdivisionCode>CA</SubdivisionCode>"
       "</GeoLocation>",
       {Policy::subdivision, 0, false, "CA"}},
      {"<GeoProximityLocation><AWSRegion>us-west-2</AWSRegion><Bias>10</Bias>"
       "</GeoProximityLocation>",
       {Policy::proximity, 0, false, "us-west-2"}},
      {"<CidrRoutingConfig><CollectionId>c</CollectionId><LocationName>home</LocationName>"
       "</CidrRoutingConfig>",
       {Policy::cidr, 0, false, "home"}},
  };
  for (const PolicyCase& one : cases) {
    const auto set = only_set(record_set("a.z.", "A", {"10.0.0.1"}, one.elements));
    EXPECT_EQ(set.routing, one.routing) << one.elements;
  }
}

TEST(Route53Xml, TakesElementsInAnyOrderAndPassesOverNewOnes) {
  const auto set = only_set(
      "<ResourceRecordSet><New><Deep>1</Deep></New><TTL>5</TTL><ResourceRecords><ResourceRecord>"
      "<Value>10.0.0.1</Value><Note/></ResourceRecord></ResourceRecords><Type>A</Type>"
      "<Name>a.z.</Name></ResourceRecordSet>");
  EXPECT_EQ(dns::to_text(set.owner), "a.z.");
  EXPECT_EQ(set.ttl, 5U);
  EXPECT_EQ(set.values, std::vector<std::string>{"10.0.0.1"});
}

TEST(Route53Xml, EscapesInValuesBecomeTheDnsOwn) {
  EXPECT_EQ(only_set(record_set("a.z.", "TXT", {"\"a\\052b &amp; c\""})).values[0],
            "\"a\\042b & c\"");
}

TEST(Route53Xml, SaysWhereTheNextPageStarts) {
  const auto page = read_record_sets_page(
      sets_page(record_set("a.z.", "A", {"10.0.0.1"}), support::next_set("b.z.", "SRV", "h:1")));
  ASSERT_TRUE(page.ok() && page.value().next);
  EXPECT_EQ(page.value().next->name, "b.z.");
  EXPECT_EQ(page.value().next->type, "SRV");
  EXPECT_EQ(page.value().next->identifier, "h:1");
  const auto last = read_record_sets_page(sets_page(""));
  ASSERT_TRUE(last.ok());
  EXPECT_FALSE(last.value().next);
}

TEST(Route53Xml, ATruncatedPageMustSayWhereItGoesOn) {
  EXPECT_SAYS(error_of(read_record_sets_page(sets_page("", support::next_set("b.z.", "")))),
              "<NextRecordName>");
  EXPECT_SAYS(
      error_of(read_hosted_zones_page(support::zones_page("", support::next_zone("", "Z1")))),
      "<NextDNSName>");
}

TEST(Route53Xml, ASetThatMakesNoSenseIsLeftOutByName) {
  EXPECT_SAYS(left_out(record_set("a..z.", "A", {"10.0.0.1"})),
              "'a..z.' A: expected a domain name");
  EXPECT_SAYS(left_out(record_set("a.z.", "WORD", {"1"})), "expected the name of a record type");
  EXPECT_SAYS(left_out(record_set("a.z.", "ANY", {"1"})), "expected the name of a record type");
  EXPECT_SAYS(left_out(record_set("a.z.", "A", {"1"}, support::weighted("x", 256))),
              "expected <Weight> from 0 to 255, found '256'");
  EXPECT_SAYS(left_out(record_set("a.z.", "A", {"1"}, "", "soon")), "expected <TTL>");
  EXPECT_SAYS(left_out("<ResourceRecordSet/>"), "it is empty");
}

TEST(Route53Xml, WhatIsNoPageIsAnErrorThatQuotesIt) {
  EXPECT_SAYS(error_of(read_record_sets_page("<html><body>Sign in</body></html>")),
              "expected the XML document <ListResourceRecordSetsResponse>, found <html>");
  EXPECT_SAYS(error_of(read_record_sets_page("")), "found ''");
  EXPECT_SAYS(error_of(read_record_sets_page("{\"a\":1}")), "found '{");
  const std::string whole = sets_page(record_set("a.z.", "A", {"10.0.0.1"}));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    EXPECT_FALSE(read_record_sets_page(std::string_view(whole).substr(0, size)).ok()) << size;
  }
}

TEST(Route53Xml, ReadsHostedZones) {
  const auto page = read_hosted_zones_page(support::zones_page(
      support::hosted_zone("Z1", "z.", true,
                           "<LinkedService><ServicePrincipal>servicediscovery.amazonaws.com"
                           "</ServicePrincipal></LinkedService>") +
          support::hosted_zone("Z2", "zz.", false),
      support::next_zone("zzz.", "Z3")));
  ASSERT_TRUE(page.ok());
  ASSERT_EQ(page.value().zones.size(), 2U);
  EXPECT_EQ(page.value().zones[0].id, "Z1");
  EXPECT_EQ(page.value().zones[0].name.to_text(), "z.");
  EXPECT_TRUE(page.value().zones[0].is_private);
  EXPECT_EQ(page.value().zones[0].managed_by, "servicediscovery.amazonaws.com");
  EXPECT_FALSE(page.value().zones[1].is_private);
  EXPECT_EQ(page.value().next->dns_name, "zzz.");
  EXPECT_EQ(page.value().next->zone_id, "Z3");
}

TEST(Route53Xml, CountsCheckers) {
  const auto checkers = read_health_check_status(support::health_status(
      {"Success: HTTP Status Code 200, OK", "Failure: Connection timed out."}));
  ASSERT_TRUE(checkers.ok());
  EXPECT_EQ(checkers.value().all, 2U);
  EXPECT_EQ(checkers.value().content, 1U);
}

TEST(Route53Xml, MoreThan18PercentOfCheckersMakeItHealthy) {
  EXPECT_FALSE((Route53Checkers{100, 18}.say_healthy()));
  EXPECT_TRUE((Route53Checkers{100, 19}.say_healthy()));
  EXPECT_FALSE((Route53Checkers{16, 2}.say_healthy()));
  EXPECT_TRUE((Route53Checkers{16, 3}.say_healthy()));
}

}  // namespace
}  // namespace upstream
