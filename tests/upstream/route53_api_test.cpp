#include "upstream/route53_api.h"

#include <optional>

#include "tests/support/route53_fixture.h"

namespace upstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Route53ApiTest : public support::Route53Test {
 protected:
  std::optional<Route53Api> api;
  std::vector<Route53Outcome> outcomes;

  Route53ApiTest() { api.emplace(endpoint, aws, budget, clock, dns::Random(1)); }

  Route53Api::CallId get() {
    return api->get({"ListResourceRecordSets",
                     "arn:aws:route53:::hostedzone/Z1",
                     "hostedzone/Z1/rrset",
                     {{"name", "\\052.z."}}},
                    [this](Route53Outcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
  std::string why() const {
    if (outcomes.size() != 1) return std::to_string(outcomes.size()) + " outcomes";
    const auto* failure = std::get_if<Route53Failure>(&outcomes[0]);
    return failure != nullptr ? failure->why : "no failure";
  }
};

TEST_F(Route53ApiTest, SendsASignedRequestForThePartition) {
  endpoint.signing_region = "cn-northwest-1";
  api.emplace(endpoint, aws, budget, clock, dns::Random(1));
  get();
  let_go();
  ASSERT_EQ(http.requests.size(), 1U);
  EXPECT_EQ(asked(), "hostedzone/Z1/rrset?name=%5C052.z.");
  std::string headers;
  for (const auto& line : http.requests[0].headers) headers += line + "\n";
  EXPECT_NE(headers.find("/cn-northwest-1/route53/aws4_request"), std::string::npos) << headers;
  EXPECT_GE(http.requests[0].max_body, std::size_t{4} << 20U);
}

TEST_F(Route53ApiTest, HandsBackTheBody) {
  get();
  let_go();
  http.reply(200, "<page/>");
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(std::get<std::string>(outcomes[0]), "<page/>");
  EXPECT_EQ(api->counters().requests, 1U);
  EXPECT_EQ(api->counters().throttles, 0U);
}

TEST_F(Route53ApiTest, AThrottledRequestIsAskedAgainAfterARest) {
  get();
  let_go();
  refuse(400, "Throttling", "Rate exceeded");
  clock.advance(milliseconds(900));
  EXPECT_EQ(http.requests.size(), 1U);
  clock.advance(milliseconds(400));
  ASSERT_EQ(http.requests.size(), 2U);
  refuse(429, "", "");
  clock.advance(milliseconds(2'500));
  ASSERT_EQ(http.requests.size(), 3U);
  http.reply(200, "<page/>");
  EXPECT_TRUE(std::holds_alternative<std::string>(outcomes.at(0)));
  EXPECT_EQ(api->counters().requests, 3U);
  EXPECT_EQ(api->counters().throttles, 2U);
}

TEST_F(Route53ApiTest, ThrottlingWithoutEndIsSaid) {
  get();
  for (unsigned i = 0; i < kThrottledTries; ++i) {
    clock.advance(seconds(40));
    ASSERT_EQ(http.waiting.size(), 1U) << i;
    refuse(400, "Throttling", "Rate exceeded");
  }
  EXPECT_EQ(why(),
            "Route 53 refused ListResourceRecordSets: HTTP 400, Throttling: 'Rate exceeded'");
  EXPECT_FALSE(std::get<Route53Failure>(outcomes[0]).lasting);
  EXPECT_EQ(api->counters().throttles, kThrottledTries);
}

TEST_F(Route53ApiTest, AnotherChangeUnderWayIsWaitedFor) {
  get();
  let_go();
  refuse(400, "PriorRequestNotComplete");
  clock.advance(seconds(2));
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(Route53ApiTest, AServerErrorOrABrokenReplyIsAskedAgainTwice) {
  get();
  let_go();
  http.reply(503, "");
  clock.advance(seconds(2));
  http.answer(net::HttpFailure{true, "the reply broke off"});
  clock.advance(seconds(4));
  ASSERT_EQ(http.requests.size(), 3U);
  http.reply(500, "<html/>");
  EXPECT_EQ(why(), "Route 53 refused ListResourceRecordSets: HTTP 500");
  EXPECT_EQ(api->counters().throttles, 0U);
}

TEST_F(Route53ApiTest, NoConnectionIsSaidAtOnce) {
  get();
  let_go();
  http.answer(net::HttpFailure{false, "http://api.example: connection refused"});
  EXPECT_EQ(why(), "http://api.example: connection refused");
}

TEST_F(Route53ApiTest, NoKeysAreSaidAtOnce) {
  credentials.keys = dns::Error{"nothing in the environment"};
  get();
  let_go();
  EXPECT_EQ(why(), "no AWS credentials: nothing in the environment");
  EXPECT_TRUE(http.requests.empty());
}

struct Refusal {
  int status;
  const char* code;
  const char* advice;
};

TEST_F(Route53ApiTest, ARefusalSaysWhatToDo) {
  const Refusal refusals[] = {
      {403, "AccessDenied",
       "allow route53:ListResourceRecordSets on arn:aws:route53:::hostedzone/Z1"},
      {404, "NoSuchHostedZone", "check the catalog's zone"},
      {403, "SignatureDoesNotMatch", "check the secret access key"},
      {403, "InvalidClientTokenId", "check the access key id"},
      {403, "ExpiredToken", "fetch new credentials"},
      {400, "InvalidInput", "InvalidInput"},
      {302, "", "HTTP 302"},
  };
  for (const Refusal& refusal : refusals) {
    outcomes.clear();
    get();
    let_go();
    refuse(refusal.status, refusal.code);
    clock.settle();  // other keys were asked for, and are the same
    EXPECT_NE(why().find(refusal.advice), std::string::npos) << why();
    EXPECT_TRUE(std::get<Route53Failure>(outcomes.at(0)).lasting) << refusal.code;
  }
}

TEST_F(Route53ApiTest, ATryWithOtherKeysCountsAsARequestAndCostsTheBudgetOne) {
  get();
  let_go();
  credentials.keys = AwsKeys{"ANOTHER", "secret", ""};
  clock.advance(seconds(1));
  refuse(403, "ExpiredToken");
  ASSERT_EQ(http.requests.size(), 2U);
  EXPECT_EQ(api->counters().requests, 2U);
  get();
  clock.advance(kRequestGap - milliseconds(1));
  EXPECT_EQ(http.requests.size(), 2U) << "it waits as behind any other";
  clock.advance(milliseconds(1));
  EXPECT_EQ(http.requests.size(), 3U);
  EXPECT_EQ(api->counters().requests, 3U);
}

TEST_F(Route53ApiTest, WhatCouldNotBeSignedWasNotSent) {
  credentials.keys = dns::Error{"nothing in the environment"};
  get();
  let_go();
  EXPECT_EQ(api->counters().requests, 0U);
}

TEST_F(Route53ApiTest, AForgottenCallIsSilentWhereverItIs) {
  const auto waiting = get();
  api->cancel(waiting);
  let_go();
  EXPECT_TRUE(http.requests.empty());
  const auto sent = get();
  let_go();
  api->cancel(sent);
  EXPECT_TRUE(http.waiting.empty());
  const auto resting = get();
  let_go();
  http.reply(503, "");
  api->cancel(resting);
  clock.advance(seconds(60));
  EXPECT_EQ(http.requests.size(), 2U);
  EXPECT_TRUE(outcomes.empty());
}

TEST_F(Route53ApiTest, IsSilentOnceDestroyed) {
  get();
  let_go();
  get();
  api.reset();
  clock.advance(seconds(60));
  EXPECT_TRUE(http.waiting.empty());
  EXPECT_TRUE(outcomes.empty());
}

}  // namespace
}  // namespace upstream
