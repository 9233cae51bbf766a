#include "upstream/route53_endpoint.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

using Variables = std::map<std::string, std::string>;

Route53Endpoint endpoint(const std::string& region, const std::string& url,
                         const Variables& variables) {
  conf::Catalog catalog;
  catalog.region = region;
  catalog.endpoint = url;
  return route53_endpoint(catalog, AwsEnvironment(variables));
}

TEST(Route53Endpoint, IsOnePlaceAPartition) {
  EXPECT_EQ(endpoint("", "", {}),
            (Route53Endpoint{"https://route53.amazonaws.com", "us-east-1", ""}));
  EXPECT_EQ(endpoint("eu-west-1", "", {}),
            (Route53Endpoint{"https://route53.amazonaws.com", "us-east-1", "eu-west-1"}));
  EXPECT_EQ(endpoint("cn-north-1", "", {}),
            (Route53Endpoint{"https://route53.amazonaws.com.cn", "cn-northwest-1", "cn-north-1"}));
  EXPECT_EQ(
      endpoint("us-gov-east-1", "", {}),
      (Route53Endpoint{"https://route53.us-gov.amazonaws.com", "us-gov-west-1", "us-gov-east-1"}));
}

TEST(Route53Endpoint, TheRegionIsTheCatalogsThenTheEnvironments) {
  const Variables both = {{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "eu-west-2"}};
  EXPECT_EQ(endpoint("ap-south-1", "", both).region, "ap-south-1");
  EXPECT_EQ(endpoint("", "", both).region, "eu-west-1");
  EXPECT_EQ(endpoint("", "", {{"AWS_DEFAULT_REGION", "eu-west-2"}}).region, "eu-west-2");
}

TEST(Route53Endpoint, AnotherPlaceMayBeNamed) {
  const Variables all = {{"AWS_ENDPOINT_URL", "http://any:1"},
                         {"AWS_ENDPOINT_URL_ROUTE_53", "http://own:2/"}};
  EXPECT_EQ(endpoint("cn-north-1", "http://here:3/x/", all),
            (Route53Endpoint{"http://here:3/x", "cn-northwest-1", "cn-north-1"}));
  EXPECT_EQ(endpoint("", "", all).url, "http://own:2");
  EXPECT_EQ(endpoint("", "", {{"AWS_ENDPOINT_URL", "http://any:1"}}).url, "http://any:1");
  EXPECT_EQ(endpoint("", "", {{"AWS_USE_FIPS_ENDPOINT", "true"}}).url,
            "https://route53-fips.amazonaws.com");
}

}  // namespace
}  // namespace upstream
