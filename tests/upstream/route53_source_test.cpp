#include "upstream/route53_source.h"

#include <memory>

#include "tests/support/fake_host_resolver.h"
#include "tests/support/recording_sink.h"
#include "tests/support/route53_fixture.h"

namespace upstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using support::alias_set;
using support::record_set;
using support::sets_page;
using Heard = std::vector<std::string>;

const std::string kCalc =
    record_set("_calc._tcp.sd.internal.", "SRV", {"1 1 80 h1.example"}, support::weighted("a", 1));
const std::string kTime =
    record_set("time.sd.internal.", "SRV", {"1 1 80 h1.example"}, support::weighted("a", 1));

class Route53SourceTest : public support::Route53Test {
 protected:
  conf::Catalog catalog;
  support::FakeHostResolver resolver;
  support::RecordingSink sink;
  std::unique_ptr<Route53Source> source;

  Route53SourceTest() {
    catalog.type = conf::Catalog::Type::route53;
    catalog.zone = "ZONE";
    catalog.refresh = milliseconds(10'000);
  }

  void start() {
    source = std::make_unique<Route53Source>(catalog, dns::Name::from_text("sd.internal").value(),
                                             endpoint, Route53Tools{aws, budget, resolver, clock},
                                             dns::Random(1), sink);
    source->start();
    let_go();
  }
  void page(const std::string& sets, const std::string& next = "") {
    http.reply(200, sets_page(sets, next));
    let_go();
  }
  /// Until the next request is there.
  void wait_for_request() {
    for (int i = 0; i < 10'000 && http.waiting.empty(); ++i) clock.advance(milliseconds(10));
  }
};

TEST_F(Route53SourceTest, ReadsTheZoneOfTheConfiguredId) {
  start();
  EXPECT_EQ(asked(), "hostedzone/ZONE/rrset?maxitems=300");
  page(kCalc);
  EXPECT_EQ(sink.heard, Heard{"loaded _calc._tcp"});
}

TEST_F(Route53SourceTest, WithoutAZoneItIsOurOwnName) {
  catalog.zone = "";
  start();
  EXPECT_EQ(asked(), "hostedzonesbyname?dnsname=sd.internal&maxitems=100");
  http.reply(200, support::zones_page(support::hosted_zone("Z1", "sd.internal.", true)));
  let_go();
  EXPECT_EQ(asked(), "hostedzone/Z1/rrset?maxitems=300");
  page(kCalc);
  EXPECT_EQ(sink.heard, Heard{"loaded _calc._tcp"});
  wait_for_request();
  EXPECT_EQ(asked(), "hostedzone/Z1/rrset?maxitems=300") << "it is found once";
}

TEST_F(Route53SourceTest, GoesOnByNameTypeAndIdentifier) {
  start();
  page(kCalc, support::next_set("\\052.sd.internal.", "SRV", "h:1"));
  EXPECT_EQ(
      asked(),
      "hostedzone/ZONE/rrset?identifier=h%3A1&maxitems=300&name=%5C052.sd.internal.&type=SRV");
  page(kTime, support::next_set("u.sd.internal.", "A"));
  EXPECT_EQ(asked(), "hostedzone/ZONE/rrset?maxitems=300&name=u.sd.internal.&type=A");
  EXPECT_TRUE(sink.heard.empty()) << "half a zone is none";
  page("");
  EXPECT_EQ(sink.heard, Heard{"loaded time _calc._tcp"});
}

TEST_F(Route53SourceTest, AFailedPageKeepsTheWholeOldZone) {
  start();
  page(kCalc + kTime);
  wait_for_request();
  page(kCalc, support::next_set("u.sd.internal.", "A"));
  refuse(403, "AccessDenied");
  ASSERT_EQ(sink.heard.size(), 2U);
  EXPECT_NE(sink.heard[1].find("allow route53:ListResourceRecordSets"), std::string::npos);
  EXPECT_NE(sink.heard[1].find("(after 1 record sets)"), std::string::npos) << sink.heard[1];
  EXPECT_EQ(sink.parts.size(), 1U);
}

TEST_F(Route53SourceTest, APageThatLeadsToItselfIsAnError) {
  start();
  page(kCalc, support::next_set("u.sd.internal.", "A"));
  page(kTime, support::next_set("u.sd.internal.", "A"));
  EXPECT_NE(sink.heard.at(0).find("found one that ends where it starts"), std::string::npos);
}

TEST_F(Route53SourceTest, AnUnchangedZoneIsConfirmedAndNotBuiltAgain) {
  start();
  page(kCalc + kTime);
  wait_for_request();
  page(kTime + kCalc);
  EXPECT_EQ(sink.heard, (Heard{"loaded time _calc._tcp", "confirmed"}));
  wait_for_request();
  page(kTime);
  EXPECT_EQ(sink.heard.back(), "loaded time");
}

TEST_F(Route53SourceTest, WhatIsHeldIsToldAgainThoughItBeTheSame) {
  start();
  page(kCalc);
  source->read_again();
  wait_for_request();
  page(kCalc);
  EXPECT_EQ(sink.heard, (Heard{"loaded _calc._tcp", "loaded _calc._tcp"}));
  wait_for_request();
  page(kCalc);
  EXPECT_EQ(sink.heard.back(), "confirmed");
}

TEST_F(Route53SourceTest, RefreshesWithHalfTheIntervalMoreOrLess) {
  start();
  milliseconds least{1'000'000}, most{0};
  for (int i = 0; i < 50; ++i) {
    page(kCalc);
    const dns::Time from = clock.now();
    wait_for_request();
    const auto waited = std::chrono::duration_cast<milliseconds>(clock.now() - from);
    least = std::min(least, waited);
    most = std::max(most, waited);
  }
  EXPECT_GE(least, milliseconds(4'700));
  EXPECT_LT(least, milliseconds(7'500));
  EXPECT_GT(most, milliseconds(12'500));
  EXPECT_LE(most, milliseconds(15'100));
}

TEST_F(Route53SourceTest, AFailureIsSaidOnceAndTriedAgainSoon) {
  start();
  http.answer(net::HttpFailure{false, "connection refused"});
  clock.advance(milliseconds(1'500));
  ASSERT_EQ(http.waiting.size(), 1U);
  http.answer(net::HttpFailure{false, "connection refused"});
  wait_for_request();
  page(kCalc);
  EXPECT_EQ(sink.heard, (Heard{"connection refused", "loaded _calc._tcp"}));
}

TEST_F(Route53SourceTest, WhatWillLastIsNotAskedForInAHurry) {
  start();
  refuse(403, "AccessDenied");
  clock.advance(milliseconds(4'900));
  EXPECT_EQ(http.requests.size(), 1U);
  clock.advance(seconds(11));
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(Route53SourceTest, AZoneThatIsGoneIsFoundAnewByItsName) {
  catalog.zone = "sd.internal";
  start();
  http.reply(200, support::zones_page(support::hosted_zone("Z1", "sd.internal.", true)));
  let_go();
  refuse(404, "NoSuchHostedZone");
  EXPECT_NE(sink.heard.at(0).find("NoSuchHostedZone"), std::string::npos);
  wait_for_request();
  EXPECT_EQ(asked(), "hostedzonesbyname?dnsname=sd.internal&maxitems=100");
}

TEST_F(Route53SourceTest, AHostedZoneOfAnotherNameIsAnError) {
  start();
  page(record_set("a.example.", "A", {"10.0.0.1"}));
  EXPECT_EQ(sink.heard, Heard{"expected record sets inside sd.internal. in hosted zone ZONE, found "
                              "none; check zone.name, and the catalog's zone"});
  wait_for_request();
  page(record_set("a.example.", "A", {"10.0.0.1"}));
  EXPECT_EQ(sink.heard.size(), 1U) << "said once";
}

TEST_F(Route53SourceTest, AliasesToOutsideHaveTheirHostsAddresses) {
  resolver.addresses["lb.example"] = {dns::IpAddress::v4({198, 51, 100, 7})};
  start();
  page(alias_set("web.sd.internal.", "A", "Z35", "lb.example."));
  EXPECT_EQ(sink.heard, Heard{"loaded web"});
  EXPECT_EQ(sink.parts[0].services[0].instances.at(0).host, "198.51.100.7");
  resolver.addresses["lb.example"] = {dns::IpAddress::v4({198, 51, 100, 8})};
  for (int i = 0; i < 4; ++i) {
    clock.advance(seconds(10));
    if (!http.waiting.empty()) page(alias_set("web.sd.internal.", "A", "Z35", "lb.example."));
  }
  EXPECT_EQ(sink.parts.back().services[0].instances.at(0).host, "198.51.100.8");
}

TEST_F(Route53SourceTest, TheFirstPartWaitsALittleForThem) {
  resolver.hold = true;
  start();
  page(alias_set("web.sd.internal.", "A", "Z35", "lb.example."));
  EXPECT_TRUE(sink.heard.empty());
  clock.advance(kHostsPatience);
  EXPECT_EQ(sink.heard, Heard{"loaded web"});
  EXPECT_EQ(sink.parts[0].services[0].instances.at(0).host, "lb.example")
      << "upstream is asked for it, query by query";
  resolver.held.at(0)(std::vector{dns::IpAddress::v4({198, 51, 100, 7})});
  EXPECT_EQ(sink.parts.back().services[0].instances.at(0).host, "198.51.100.7");
}

TEST_F(Route53SourceTest, HealthComesAfterTheFirstPart) {
  const std::string sets = record_set("calc.sd.internal.", "SRV", {"1 1 80 h1.example"},
                                      support::weighted("a", 1) + support::checked("c1"));
  start();
  page(sets);
  EXPECT_EQ(sink.parts.at(0).services[0].instances.at(0).status, cache::Status::unknown);
  clock.advance(kFirstCheckGap);
  EXPECT_EQ(asked(), "healthcheck?maxitems=1000");
  refuse(403, "AccessDenied");
  let_go();
  EXPECT_EQ(asked(), "healthcheck/c1/status");
  http.reply(200, support::health_status({"Failure"}));
  EXPECT_EQ(sink.parts.back().services[0].instances.at(0).status, cache::Status::unhealthy);
}

TEST_F(Route53SourceTest, StaysGoodForThreeRefreshesFromTheReadingOn) {
  start();
  page(kCalc);
  EXPECT_EQ(source->freshness().after_word, milliseconds(30'000) - kRequestGap);
  EXPECT_FALSE(source->freshness().after_failure);
}

TEST_F(Route53SourceTest, NewsOfHostsDoesNotMakeAnOldZoneYoung) {
  resolver.addresses["lb.example"] = {dns::IpAddress::v4({198, 51, 100, 7})};
  start();
  page(alias_set("web.sd.internal.", "A", "Z35", "lb.example."));
  resolver.addresses["lb.example"] = {dns::IpAddress::v4({198, 51, 100, 8})};
  for (int i = 0; i < 350; ++i) {
    clock.advance(milliseconds(100));
    if (!http.waiting.empty()) http.answer(net::HttpFailure{false, "connection refused"});
  }
  EXPECT_EQ(sink.heard, (Heard{"loaded web", "connection refused", "detailed web"}))
      << "which is no good word: what fails still fails";
  EXPECT_EQ(source->freshness().after_word, milliseconds(0));
}

TEST_F(Route53SourceTest, AZoneThatWasEmptiedIsToldEachTime) {
  const std::string other =
      record_set("elsewhere.internal.", "SRV", {"1 1 80 h1.example"}, support::weighted("a", 1));
  start();
  page(kCalc);
  wait_for_request();
  page(other);
  EXPECT_EQ(sink.heard, (Heard{"loaded _calc._tcp", "loaded"}))
      << "the mass change guard holds it; it is no failure that the next reading ends";
}

TEST_F(Route53SourceTest, CountsRequestsAndThrottles) {
  start();
  refuse(400, "Throttling");
  wait_for_request();
  page(kCalc);
  EXPECT_EQ(source->counters().requests, 2U);
  EXPECT_EQ(source->counters().throttles, 1U);
  EXPECT_EQ(sink.heard, Heard{"loaded _calc._tcp"}) << "one throttled call is no failure";
}

/// As 10,000 sets are on pages of 300, which tests/system/test_route53_large.py reads.
TEST_F(Route53SourceTest, AThousandSetsOn34PagesAre34Requests) {
  std::vector<std::string> pages(1);
  for (int i = 0; i < 1'000; ++i) {
    if (i > 0 && i % 30 == 0) pages.emplace_back();
    pages.back() += record_set("s" + std::to_string(i) + ".sd.internal.", "SRV",
                               {"1 1 80 h.example"}, support::weighted("a", 1));
  }
  start();
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::string next = "s" + std::to_string((i + 1) * 30) + ".sd.internal.";
    page(pages[i], i + 1 < pages.size() ? support::next_set(next, "SRV", "a") : "");
  }
  ASSERT_EQ(sink.parts.size(), 1U);
  EXPECT_EQ(sink.parts[0].services.size(), 1'000U);
  EXPECT_EQ(source->counters().requests, 34U);
}

TEST_F(Route53SourceTest, MayBeDestroyedAtAnyMoment) {
  resolver.hold = true;
  start();
  source.reset();
  start();
  page(alias_set("web.sd.internal.", "A", "Z35", "lb.example.", support::checked("c1")));
  source.reset();
  resolver.held.at(0)(std::vector{dns::IpAddress::v4({198, 51, 100, 7})});
  clock.advance(seconds(100));
  EXPECT_TRUE(http.waiting.empty());
  EXPECT_TRUE(sink.heard.empty());
}

}  // namespace
}  // namespace upstream
