#include "upstream/environment_keys.h"

#include <gtest/gtest.h>

#include "upstream/wall_time.h"

namespace upstream {
namespace {

using Variables = std::map<std::string, std::string>;

KeySet found(const Variables& variables) {
  return std::get<KeySet>(keys_in_environment(AwsEnvironment(variables)).value());
}

std::string failure(const Variables& variables) {
  return std::get<KeyFailure>(keys_in_environment(AwsEnvironment(variables)).value()).why;
}

TEST(EnvironmentKeys, AreNoneWhenNeitherIsSet) {
  EXPECT_FALSE(keys_in_environment(AwsEnvironment()));
  EXPECT_FALSE(keys_in_environment(
      AwsEnvironment({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}})));
}

TEST(EnvironmentKeys, HaveATokenAndAnEndIfTheyLike) {
  const Variables both{{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "s3cret"}};
  EXPECT_EQ(found(both).keys, (AwsKeys{"AKID", "s3cret", ""}));
  EXPECT_FALSE(found(both).expires);
  Variables all = both;
  all["AWS_SESSION_TOKEN"] = "tok";
  all["AWS_SECURITY_TOKEN"] = "old";
  all["AWS_CREDENTIAL_EXPIRATION"] = "2026-01-02T09:04:05Z";
  EXPECT_EQ(found(all).keys.session_token, "tok");
  EXPECT_EQ(found(all).expires, read_rfc3339("2026-01-02T09:04:05Z"));
  all["AWS_SESSION_TOKEN"] = "";
  EXPECT_EQ(found(all).keys.session_token, "old");
}

TEST(EnvironmentKeys, AreBothOrAFailureThatNamesTheOther) {
  EXPECT_NE(failure({{"AWS_ACCESS_KEY_ID", "AKID"}}).find("AWS_SECRET_ACCESS_KEY is not"),
            std::string::npos);
  const std::string alone = failure({{"AWS_SECRET_ACCESS_KEY", "s3cret"}});
  EXPECT_NE(alone.find("AWS_ACCESS_KEY_ID is not"), std::string::npos);
  EXPECT_EQ(alone.find("s3cret"), std::string::npos);
}

TEST(EnvironmentKeys, WithAnEndThatIsNoTimeAreAFailure) {
  EXPECT_NE(failure({{"AWS_ACCESS_KEY_ID", "AKID"},
                     {"AWS_SECRET_ACCESS_KEY", "s"},
                     {"AWS_CREDENTIAL_EXPIRATION", "soon"}})
                .find("'soon'"),
            std::string::npos);
}

TEST(AwsEnvironment, HasAnEndpointForOneServiceOrForAll) {
  EXPECT_EQ(AwsEnvironment().endpoint("STS"), "");
  Variables variables{{"AWS_ENDPOINT_URL", "http://all"}};
  EXPECT_EQ(AwsEnvironment(variables).endpoint("STS"), "http://all");
  variables["AWS_ENDPOINT_URL_STS"] = "http://sts";
  EXPECT_EQ(AwsEnvironment(variables).endpoint("STS"), "http://sts");
  EXPECT_EQ(AwsEnvironment(variables).endpoint("ROUTE_53"), "http://all");
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "TRUE";
  EXPECT_EQ(AwsEnvironment(variables).endpoint("STS"), "");
}

}  // namespace
}  // namespace upstream
