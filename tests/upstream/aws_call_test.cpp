#include "upstream/aws_call.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "upstream/aws_region.h"

namespace upstream {
namespace {

using Variables = std::map<std::string, std::string>;

TEST(AwsCall, HasTheUrlsPartsAsSigningNeedsThem) {
  const AwsCall call = aws_call("HTTPS://Api.Example:8443/dev/a%20b?x=1&y=%2f+&z#top").value();
  EXPECT_EQ(call.origin, "https://api.example:8443");
  EXPECT_EQ(call.request.host, "api.example:8443");
  EXPECT_EQ(call.request.path, "/dev/a%20b");
  const std::vector<std::pair<std::string, std::string>> query{{"x", "1"}, {"y", "/+"}, {"z", ""}};
  EXPECT_EQ(call.request.query, query);
}

TEST(AwsCall, NamesNoStandardPort) {
  EXPECT_EQ(aws_call("https://a.example:443").value().request.host, "a.example");
  EXPECT_EQ(aws_call("http://a.example:80/").value().request.host, "a.example");
  EXPECT_EQ(aws_call("http://a.example:443/").value().request.host, "a.example:443");
  EXPECT_EQ(aws_call("http://[2001:db8::1]/").value().request.host, "[2001:db8::1]");
  EXPECT_EQ(aws_call("http://user:pw@a.example").value().origin, "http://a.example");
  EXPECT_EQ(aws_call("http://a.example?q=1").value().request.path, "/");
}

TEST(AwsCall, IsOfAUrlAlone) {
  for (const char* text : {"", "a.example", "ftp://a.example/", "https://", "https:///x"}) {
    EXPECT_FALSE(aws_call(text).ok()) << text;
  }
}

TEST(AwsCall, IsSentWithTheHostItIsSignedFor) {
  AwsCall call = aws_call("https://a.example/x?b=2&a=1").value();
  call.scope = {"us-east-1", "execute-api"};
  call.more_headers = {"Accept: application/json"};
  const net::HttpRequest sent = signed_request(call, {"AKID", "s", ""}, WallTime{});
  EXPECT_EQ(sent.url, "https://a.example/x?a=1&b=2");
  const auto has = [&](const std::string& line) {
    return std::find(sent.headers.begin(), sent.headers.end(), line) != sent.headers.end();
  };
  EXPECT_TRUE(has("Host: a.example"));
  EXPECT_TRUE(has("Accept: application/json"));
  EXPECT_TRUE(has("X-Amz-Date: 19700101T000000Z"));
}

TEST(AwsRegion, IsTheFirstThatIsSaid) {
  const AwsEnvironment both(Variables{{"AWS_REGION", "one"}, {"AWS_DEFAULT_REGION", "two"}});
  EXPECT_EQ(aws_region("conf", both), "conf");
  EXPECT_EQ(aws_region("", both), "one");
  EXPECT_EQ(aws_region("", AwsEnvironment(Variables{{"AWS_DEFAULT_REGION", "two"}})), "two");
  EXPECT_EQ(aws_region("", AwsEnvironment()), "");
}

TEST(AwsRegion, StandsInAGatewaysName) {
  EXPECT_EQ(region_in_host("a.execute-api.us-east-1.amazonaws.com", "execute-api"), "us-east-1");
  EXPECT_EQ(region_in_host("a.execute-api.cn-north-1.amazonaws.com.cn", "execute-api"),
            "cn-north-1");
  EXPECT_EQ(region_in_host("v-1.execute-api.eu-west-1.vpce.amazonaws.com", "execute-api"),
            "eu-west-1");
  EXPECT_EQ(region_in_host("a.example", "execute-api"), "");
  EXPECT_EQ(region_in_host("execute-api.example", "execute-api"), "");
}

TEST(AwsRegion, BelongsToADomain) {
  EXPECT_EQ(aws_domain("eu-west-1"), "amazonaws.com");
  EXPECT_EQ(aws_domain("us-gov-west-1"), "amazonaws.com");
  EXPECT_EQ(aws_domain("cn-north-1"), "amazonaws.com.cn");
  EXPECT_EQ(aws_domain("us-isob-east-1"), "sc2s.sgov.gov");
}

}  // namespace
}  // namespace upstream
