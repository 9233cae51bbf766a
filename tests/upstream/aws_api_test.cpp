#include "upstream/aws_api.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http.h"

namespace upstream {
namespace {

/// Hands out what a test puts there.
struct FakeCredentials final : AwsCredentials {
  dns::Result<AwsKeys> keys = AwsKeys{"AKID", "s", ""};
  dns::Result<AwsKeys> others = AwsKeys{"OTHER", "s", ""};
  unsigned renewals = 0;

  void get(Done done) override { done(keys); }
  void renew(const AwsKeys&, Done done) override {
    ++renewals;
    done(others);
  }
};

class AwsApiTest : public ::testing::Test {
 protected:
  support::FakeClock timers;
  support::FakeHttp http;
  FakeCredentials credentials;
  WallTime now{std::chrono::hours(400'000)};
  AwsClock clock{[this] { return now; }};
  AwsApi api{credentials, http, timers, clock};
  std::vector<net::HttpOutcome> outcomes;

  AwsCallId send() {
    AwsCall call = aws_call("https://a.example/x").value();
    call.scope = {"us-east-1", "execute-api"};
    return api.send(call, [this](net::HttpOutcome outcome) { outcomes.push_back(outcome); });
  }
  int status() { return std::get<net::HttpReply>(outcomes.at(0)).status; }
  std::string why() { return std::get<net::HttpFailure>(outcomes.at(0)).why; }
  std::string signer_of(std::size_t request) {
    for (const std::string& line : http.requests.at(request).headers) {
      const std::size_t at = line.find("Credential=");
      if (at != std::string::npos) return line.substr(at + 11, line.find('/', at) - at - 11);
    }
    return {};
  }
  static net::HttpReply refused(const std::string& code, const std::string& date = "") {
    return {403, "{\"message\":\"no\"}", {{"x-amzn-errortype", code}, {"date", date}}};
  }
};

TEST_F(AwsApiTest, SignsAndHandsBackWhatTheServerSays) {
  send();
  EXPECT_EQ(signer_of(0), "AKID");
  http.reply(404, "gone");
  EXPECT_EQ(status(), 404);
}

TEST_F(AwsApiTest, SaysLaterThatThereAreNoKeys) {
  credentials.keys = dns::Error{"looked everywhere"};
  send();
  EXPECT_TRUE(outcomes.empty());
  timers.settle();
  EXPECT_EQ(why(), "no AWS credentials: looked everywhere");
}

TEST_F(AwsApiTest, SaysWhatIsMissingToSign) {
  api.send(aws_call("https://a.example/x").value(),
           [this](net::HttpOutcome outcome) { outcomes.push_back(outcome); });
  timers.settle();
  EXPECT_EQ(why(), "the AWS region is not known: set AWS_REGION");
  EXPECT_TRUE(http.requests.empty());
}

TEST_F(AwsApiTest, SignsOnceMoreWithAwsTimeWhereTheClockIsWrong) {
  now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  send();
  http.answer(refused("InvalidSignatureException", "Fri, 02 Jan 2026 09:04:05 GMT"));
  ASSERT_EQ(http.requests.size(), 2U);
  EXPECT_EQ(http.requests[1].headers.at(0), "X-Amz-Date: 20260102T090405Z");
  http.answer(refused("InvalidSignatureException", "Fri, 02 Jan 2026 12:04:05 GMT"));
  EXPECT_EQ(status(), 403) << "once, not for ever";
}

TEST_F(AwsApiTest, SignsOnceMoreWhenAnotherCallHasCorrectedTheClock) {
  now = std::chrono::sys_days(std::chrono::year(2026) / 1 / 2);
  send();
  send();
  http.answer(refused("InvalidSignatureException", "Fri, 02 Jan 2026 09:04:05 GMT"));
  http.answer(refused("InvalidSignatureException", "Fri, 02 Jan 2026 09:04:05 GMT"));
  EXPECT_EQ(http.requests.size(), 4U);
}

TEST_F(AwsApiTest, TakesOtherKeysForThoseThatHaveExpired) {
  send();
  http.answer(refused("ExpiredTokenException"));
  EXPECT_EQ(signer_of(1), "OTHER");
  http.answer(refused("ExpiredTokenException"));
  EXPECT_EQ(status(), 403);
  EXPECT_EQ(credentials.renewals, 1U);
}

TEST_F(AwsApiTest, HandsBackTheRefusalWhereThereAreNoOtherKeys) {
  credentials.others = credentials.keys;
  send();
  http.answer(refused("ExpiredTokenException"));
  timers.settle();
  EXPECT_EQ(status(), 403);
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(AwsApiTest, LeavesKeysAloneThatMayNotDoIt) {
  send();
  http.answer(refused("AccessDeniedException"));
  EXPECT_EQ(status(), 403);
  EXPECT_EQ(credentials.renewals, 0U);
}

TEST_F(AwsApiTest, ForgetsWhatIsCancelled) {
  api.cancel(send());
  EXPECT_TRUE(http.waiting.empty());
  credentials.keys = dns::Error{"none"};
  api.cancel(send());
  timers.settle();
  EXPECT_TRUE(outcomes.empty());
}

}  // namespace
}  // namespace upstream
