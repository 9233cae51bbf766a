#include "upstream/key_chain.h"

#include <gtest/gtest.h>

#include "tests/support/fake_http.h"
#include "tests/support/temporary_folder.h"
#include "upstream/container_keys.h"
#include "upstream/instance_keys.h"

namespace upstream {
namespace {

using Variables = std::map<std::string, std::string>;

constexpr const char* kKeys = R"({"AccessKeyId":"HANDED","SecretAccessKey":"s","Token":"t"})";

class KeyChainTest : public ::testing::Test {
 protected:
  support::TemporaryFolder folder;
  support::FakeHttp http;
  AwsClock clock;
  std::unique_ptr<KeyChain> chain;
  std::vector<KeyOutcome> outcomes;

  std::string path(const std::string& name) { return folder / name; }
  void write(const std::string& name, const std::string& text) {
    support::write_file(folder / name, text);
  }
  void fetch(Variables variables) {
    variables.emplace("AWS_SHARED_CREDENTIALS_FILE", path("credentials"));
    variables.emplace("AWS_CONFIG_FILE", path("config"));
    chain = std::make_unique<KeyChain>(AwsEnvironment(variables), http, clock, dns::Random(1));
    chain->fetch([this](KeyOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
  std::string id() { return std::get<KeySet>(outcomes.at(0)).keys.access_key_id; }
  std::string why() { return std::get<KeyFailure>(outcomes.at(0)).why; }
};

const Variables kInEnvironment{{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
constexpr const char* kInFile =
    "[default]\naws_access_key_id = FILE\naws_secret_access_key = s\n[bare]\nregion = r\n";

Variables with(Variables base, const Variables& more) {
  base.insert(more.begin(), more.end());
  return base;
}

TEST_F(KeyChainTest, TakesTheEnvironmentFirst) {
  write("credentials", kInFile);
  write("token", "tok");
  fetch(with(kInEnvironment, {{"AWS_WEB_IDENTITY_TOKEN_FILE", path("token")}}));
  EXPECT_EQ(id(), "ENV");
}

TEST_F(KeyChainTest, TakesAWebIdentityBeforeTheFile) {
  write("credentials", kInFile);
  write("token", "tok");
  fetch({{"AWS_WEB_IDENTITY_TOKEN_FILE", path("token")},
         {"AWS_ROLE_ARN", "arn:x"},
         {"AWS_REGION", "cn-north-1"}});
  EXPECT_EQ(http.requests.at(0).url, "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(http.requests.at(0).method, "POST");
}

TEST_F(KeyChainTest, WantsARoleForAWebIdentity) {
  fetch({{"AWS_WEB_IDENTITY_TOKEN_FILE", path("token")}});
  EXPECT_EQ(why(), "AWS_WEB_IDENTITY_TOKEN_FILE is set, and the role is not: set AWS_ROLE_ARN too");
}

TEST_F(KeyChainTest, TakesTheFileBeforeTheContainer) {
  write("credentials", kInFile);
  fetch({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2"}});
  EXPECT_EQ(id(), "FILE");
}

TEST_F(KeyChainTest, GoesOnFromAProfileWithoutKeys) {
  write("credentials", kInFile);
  fetch({{"AWS_PROFILE", "bare"}, {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2"}});
  EXPECT_EQ(http.requests.at(0).url, "http://169.254.170.2/v2");
  EXPECT_TRUE(http.requests.at(0).direct);
  http.reply(200, kKeys);
  EXPECT_EQ(id(), "HANDED");
}

TEST_F(KeyChainTest, PrefersTheCredentialsFileWhereBothHaveAKey) {
  write("credentials", "[x]\naws_access_key_id = A\naws_secret_access_key = s\n");
  write("config", "[profile \"x\"]\naws_access_key_id = B\naws_session_token = t\n[x]\nk = v\n");
  fetch({{"AWS_PROFILE", "x"}});
  EXPECT_EQ(std::get<KeySet>(outcomes.at(0)).keys, (AwsKeys{"A", "s", ""}))
      << "a session token belongs to the keys beside it";
}

TEST_F(KeyChainTest, AsksTheInstanceLast) {
  fetch({});
  EXPECT_EQ(http.requests.at(0).method + " " + http.requests.at(0).url,
            "PUT http://169.254.169.254/latest/api/token");
  http.reply(200, "session\n");
  EXPECT_EQ(http.requests.at(1).headers.at(0), "X-aws-ec2-metadata-token: session");
  http.reply(200, "role\nsecond\n");
  EXPECT_EQ(http.requests.at(2).url,
            "http://169.254.169.254/latest/meta-data/iam/security-credentials/role");
  http.reply(200, kKeys);
  EXPECT_EQ(id(), "HANDED");
}

TEST_F(KeyChainTest, NamesEveryPlaceWhenTheLastHasNone) {
  fetch({});
  http.answer(net::HttpFailure{false, "no route"});
  for (const char* named : {"AWS_ACCESS_KEY_ID", "profile 'default'", "AWS_CONTAINER_CREDENTIALS_",
                            "169.254.169.254: no route"}) {
    EXPECT_NE(why().find(named), std::string::npos) << why();
  }
}

TEST_F(KeyChainTest, FallsThroughNoPlaceThatFails) {
  fetch({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/secret-uuid"}});
  http.answer(net::HttpFailure{false, "GET http://169.254.170.2/v2/secret-uuid: no route"});
  EXPECT_EQ(why(), "the container's endpoint cannot be reached");
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(KeyChainTest, AsksNobodyAnyMoreOnceItIsGone) {
  fetch({});
  chain.reset();
  EXPECT_TRUE(http.waiting.empty());
}

TEST(ContainerUrl, IsHttpsOrOfThisHostAlone) {
  const auto is_fine = [](const std::string& url) {
    return container_url(AwsEnvironment(Variables{{"AWS_CONTAINER_CREDENTIALS_FULL_URI", url}}))
        .ok();
  };
  for (const char* url :
       {"https://keys.example/x", "http://localhost/", "http://127.8.0.1:1/x", "http://[::1]/",
        "http://169.254.170.2/", "http://169.254.170.23/v1", "http://[fd00:ec2::23]/v1"}) {
    EXPECT_TRUE(is_fine(url)) << url;
  }
  for (const char* url : {"http://keys.example/", "http://10.0.0.1/", "http://127.0.0.1.example/",
                          "http://127.0.0.1@keys.example/", "http://169.254.169.254/", "x"}) {
    EXPECT_FALSE(is_fine(url)) << url;
  }
}

TEST(InstanceKeys, AtTheirEndGetANewOne) {
  using namespace std::chrono_literals;
  dns::Random random(5);
  const WallTime now{400'000h};
  const auto left = [&](std::chrono::seconds before) {
    return *with_static_stability({{}, now + before, ""}, now, random).expires - now;
  };
  EXPECT_EQ(left(6h), 6h);
  EXPECT_EQ(left(5min), 5min);
  for (const auto before : {-1h, 0h}) {
    EXPECT_GE(left(before), 17min);
    EXPECT_LE(left(before), 25min);
  }
  EXPECT_FALSE(with_static_stability({}, now, random).expires);
}

}  // namespace
}  // namespace upstream
