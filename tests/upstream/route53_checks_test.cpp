#include "upstream/route53_checks.h"

#include <optional>

#include "tests/support/route53_fixture.h"

namespace upstream {
namespace {

using cache::Status;
using std::chrono::milliseconds;
using std::chrono::seconds;
using support::element;

std::string check(const std::string& id, const std::string& form) {
  return element("HealthCheck", element("Id", id) + element("HealthCheckConfig", form));
}
std::string checks_page(const std::string& checks, const std::string& marker = "") {
  return "<ListHealthChecksResponse><HealthChecks>" + checks + "</HealthChecks>" +
         element("IsTruncated", marker.empty() ? "false" : "true") + element("NextMarker", marker) +
         "</ListHealthChecksResponse>";
}

class Route53ChecksTest : public support::Route53Test {
 protected:
  Route53Api api{endpoint, aws, budget, clock, dns::Random(1)};
  int changes = 0;
  std::optional<Route53Checks> checks;

  Route53ChecksTest() {
    checks.emplace(api, clock, [this] { ++changes; });
  }

  /// Wants them, and answers the list.
  void want(const std::set<std::string>& ids, const std::string& list = "") {
    checks->want(ids);
    next();
    ASSERT_EQ(asked(), "healthcheck?maxitems=1000");
    http.reply(200, checks_page(list));
    let_go();
  }
  void next() { clock.advance(kFirstCheckGap + kRequestGap); }
  void say(const std::vector<std::string>& statuses) {
    http.reply(200, support::health_status(statuses));
  }
  Status verdict(const std::string& id) const { return checks->verdicts().at(id); }
};

TEST_F(Route53ChecksTest, AsksForEachCheck) {
  want({"c1", "c2"});
  EXPECT_EQ(asked(), "healthcheck/c1/status");
  say({"Success: OK", "Failure: time-out"});
  next();
  EXPECT_EQ(asked(), "healthcheck/c2/status");
  say({"Failure: time-out"});
  EXPECT_EQ(verdict("c1"), Status::healthy);
  EXPECT_EQ(verdict("c2"), Status::unhealthy);
  EXPECT_EQ(changes, 2);
}

TEST_F(Route53ChecksTest, AsksAgainSlowly) {
  want({"c1", "c2"});
  say({"Success"});
  next();
  say({"Success"});
  clock.advance(seconds(29));
  EXPECT_EQ(http.requests.size(), 3U);
  clock.advance(seconds(2));
  EXPECT_EQ(asked(), "healthcheck/c1/status");
  say({"Failure"});
  EXPECT_EQ(verdict("c1"), Status::unhealthy);
  EXPECT_EQ(changes, 3);
}

TEST_F(Route53ChecksTest, ManyChecksTakeAQuarterOfARequestASecond) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) ids.insert("c" + std::to_string(i));
  want(ids);
  for (int i = 0; i < 100; ++i) {
    say({"Success"});
    next();
  }
  const std::size_t before = http.requests.size();
  for (int i = 0; i < 400; ++i) {
    if (!http.waiting.empty()) say({"Success"});
    clock.advance(seconds(1));
  }
  EXPECT_LE(http.requests.size() - before, 101U);
  EXPECT_GE(http.requests.size() - before, 80U);
}

TEST_F(Route53ChecksTest, InvertedAndDisabledCountAsSuch) {
  want({"c1", "c2", "c3"}, check("c1", "<Inverted>true</Inverted>") +
                               check("c2", "<Disabled>true</Disabled>") +
                               check("c3", "<Type>CALCULATED</Type>") + check("other", ""));
  say({"Success"});
  next();
  next();
  EXPECT_EQ(verdict("c1"), Status::unhealthy);
  EXPECT_EQ(verdict("c2"), Status::healthy);
  EXPECT_EQ(verdict("c3"), Status::unknown) << "the API does not say";
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(Route53ChecksTest, TheListHasPages) {
  checks->want({"c1"});
  next();
  http.reply(200, checks_page(check("a", ""), "m1"));
  let_go();
  EXPECT_EQ(asked(), "healthcheck?marker=m1&maxitems=1000");
  http.reply(200, checks_page(check("c1", "<Inverted>true</Inverted>")));
  let_go();
  say({"Failure"});
  EXPECT_EQ(verdict("c1"), Status::healthy);
}

TEST_F(Route53ChecksTest, WithoutLeaveToListTheyCountAsPlain) {
  checks->want({"c1"});
  next();
  refuse(403, "AccessDenied");
  let_go();
  EXPECT_EQ(asked(), "healthcheck/c1/status");
  say({"Success"});
  EXPECT_EQ(verdict("c1"), Status::healthy);
}

TEST_F(Route53ChecksTest, AFailureKeepsTheVerdict) {
  want({"c1"});
  say({"Failure"});
  clock.advance(kChecksRound + kRequestGap);
  http.reply(200, "<html/>");
  EXPECT_EQ(verdict("c1"), Status::unhealthy);
  clock.advance(kChecksRound + kRequestGap);
  refuse(403, "AccessDenied");
  EXPECT_EQ(verdict("c1"), Status::unhealthy);
  clock.advance(kChecksRound + kRequestGap);
  refuse(404, "NoSuchHealthCheck");
  EXPECT_EQ(verdict("c1"), Status::unknown) << "it is no more";
}

TEST_F(Route53ChecksTest, NoCheckersAreNoVerdict) {
  want({"c1"});
  say({});
  EXPECT_EQ(verdict("c1"), Status::unknown);
  EXPECT_EQ(changes, 0);
}

TEST_F(Route53ChecksTest, ForgetsWhatIsNotWanted) {
  want({"c1"});
  say({"Failure"});
  checks->want({});
  EXPECT_TRUE(checks->verdicts().empty());
  const std::size_t before = http.requests.size();
  clock.advance(seconds(600));
  EXPECT_EQ(http.requests.size(), before);
}

TEST_F(Route53ChecksTest, IsSilentOnceDestroyed) {
  want({"c1"});
  checks.reset();
  EXPECT_TRUE(http.waiting.empty());
  clock.advance(seconds(600));
  EXPECT_EQ(http.requests.size(), 2U);
}

}  // namespace
}  // namespace upstream
