#include "upstream/route53_zone_finder.h"

#include <optional>

#include "tests/support/route53_fixture.h"

namespace upstream {
namespace {

using support::hosted_zone;
using support::zones_page;

class Route53ZoneFinderTest : public support::Route53Test {
 protected:
  Route53Api api{endpoint, aws, budget, clock, dns::Random(1)};
  std::optional<Route53ZoneFinder> finder{api};
  std::string heard = "nothing";

  void find() {
    finder->find(dns::Name::from_text("sd.internal").value(),
                 [this](const Route53ZoneFinder::Outcome& outcome) {
                   const auto* failure = std::get_if<Route53Failure>(&outcome);
                   heard = failure ? failure->why : std::get<Route53HostedZone>(outcome).id;
                 });
    let_go();
  }
};

TEST_F(Route53ZoneFinderTest, ComparesNamesItself) {
  find();
  EXPECT_EQ(asked(), "hostedzonesbyname?dnsname=sd.internal&maxitems=100");
  http.reply(200, zones_page(hosted_zone("Z9", "zeta.example.", false)));
  EXPECT_EQ(heard,
            "expected a hosted zone sd.internal in this account, found none: create it, or set the "
            "catalog's zone to another name or to an id");
}

TEST_F(Route53ZoneFinderTest, TakesTheOneOfThatName) {
  find();
  http.reply(200, zones_page(hosted_zone("Z1", "SD.internal.", false) +
                             hosted_zone("Z9", "zeta.example.", true)));
  EXPECT_EQ(heard, "Z1");
}

TEST_F(Route53ZoneFinderTest, APrivateZoneGoesBeforeAPublicOne) {
  find();
  http.reply(200, zones_page(hosted_zone("Z1", "sd.internal.", false) +
                             hosted_zone("Z2", "sd.internal.", true)));
  EXPECT_EQ(heard, "Z2");
}

TEST_F(Route53ZoneFinderTest, TwoOfAKindAreAnErrorThatListsThem) {
  find();
  http.reply(200, zones_page(hosted_zone("Z1", "sd.internal.", false) +
                             hosted_zone("Z2", "sd.internal.", true, "<X/>") +
                             hosted_zone("Z3", "sd.internal.", true)));
  EXPECT_EQ(heard,
            "expected one private hosted zone sd.internal, found 2: Z2, Z3; set the catalog's zone "
            "to the id of one");
}

TEST_F(Route53ZoneFinderTest, GoesOnWhileTheNameIsTheSame) {
  find();
  http.reply(200, zones_page(hosted_zone("Z1", "sd.internal.", false),
                             support::next_zone("sd.internal.", "Z2")));
  let_go();
  EXPECT_EQ(asked(), "hostedzonesbyname?dnsname=sd.internal.&hostedzoneid=Z2&maxitems=100");
  http.reply(200, zones_page(hosted_zone("Z2", "sd.internal.", true) +
                                 hosted_zone("Z3", "t.internal.", true),
                             support::next_zone("u.internal.", "Z4")));
  EXPECT_EQ(heard, "Z2");
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(Route53ZoneFinderTest, SaysWhatWentWrong) {
  find();
  refuse(403, "AccessDenied");
  EXPECT_NE(heard.find("allow route53:ListHostedZonesByName on *"), std::string::npos) << heard;
  find();
  http.reply(200, "<html/>");
  EXPECT_NE(heard.find("found <html>"), std::string::npos) << heard;
}

TEST_F(Route53ZoneFinderTest, IsSilentOnceDestroyed) {
  find();
  finder.reset();
  EXPECT_TRUE(http.waiting.empty());
  EXPECT_EQ(heard, "nothing");
}

}  // namespace
}  // namespace upstream
