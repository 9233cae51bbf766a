#include "upstream/key_reply.h"

#include <gtest/gtest.h>

#include "upstream/aws_error.h"
#include "upstream/wall_time.h"

namespace upstream {
namespace {

using Read = KeyOutcome (*)(const net::HttpReply&, const std::string&);

KeySet keys(Read read, const std::string& body) {
  const KeyOutcome outcome = read({200, body, {}}, "there");
  const auto* set = std::get_if<KeySet>(&outcome);
  EXPECT_NE(set, nullptr) << std::get<KeyFailure>(outcome).why;
  return set != nullptr ? *set : KeySet{};
}

KeyFailure failure(Read read, int status, const std::string& body) {
  return std::get<KeyFailure>(read({status, body, {}}, "there"));
}

constexpr const char* kContainer =
    R"({"RoleArn":"arn:x","AccessKeyId":"ASIA","SecretAccessKey":"s/+","Token":"t","Expiration":"2026-01-02T09:04:05Z","More":[1]})";

TEST(KeyJson, IsReadWithItsEnd) {
  const KeySet set = keys(read_key_json, kContainer);
  EXPECT_EQ(set.keys, (AwsKeys{"ASIA", "s/+", "t"}));
  EXPECT_EQ(set.expires, read_rfc3339("2026-01-02T09:04:05Z"));
  EXPECT_EQ(set.place, "there");
}

TEST(KeyJson, NeedsNoEnd) {
  EXPECT_FALSE(keys(read_key_json, R"({"AccessKeyId":"A","SecretAccessKey":"s"})").expires);
}

TEST(KeyJson, OfAnInstanceWantsSuccess) {
  EXPECT_EQ(keys(read_key_json,
                 R"({"Code":"Success","AccessKeyId":"A","SecretAccessKey":"s","Token":"t"})")
                .keys.access_key_id,
            "A");
  EXPECT_EQ(failure(read_key_json, 200,
                    R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"not trusted"})")
                .why,
            "there: HTTP 200, AssumeRoleUnauthorizedAccess: 'not trusted'");
}

TEST(KeyJson, ThatIsNoneIsWorthAnotherTry) {
  for (const char* body : {"", "<html>", "[]", "{", "{}", R"({"AccessKeyId":"A"})",
                           R"({"AccessKeyId":1,"SecretAccessKey":"s"})"}) {
    EXPECT_TRUE(failure(read_key_json, 200, body).passing) << body;
  }
  EXPECT_TRUE(failure(read_key_json, 503, "busy").passing);
  EXPECT_FALSE(failure(read_key_json, 403, "{}").passing);
}

TEST(KeyJson, IsNeverQuoted) {
  const auto why = failure(read_key_json, 200, R"({"SecretAccessKey":"hush","Token":"hush"})").why;
  EXPECT_EQ(why.find("hush"), std::string::npos) << why;
  EXPECT_EQ(failure(read_key_json, 200,
                    R"({"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"})")
                .why,
            "there: expected a time as Expiration, found 'soon'");
}

constexpr const char* kSts =
    R"(<r:AssumeRoleWithWebIdentityResponse xmlns:r="https://sts.amazonaws.com/doc/2011-06-15/"><r:AssumeRoleWithWebIdentityResult><r:New/>
  <r:Credentials><r:SessionToken>t&amp;</r:SessionToken><r:AccessKeyId>ASIA</r:AccessKeyId><r:SecretAccessKey>s</r:SecretAccessKey><r:Expiration>2026-01-02T09:04:05Z</r:Expiration></r:Credentials>
  </r:AssumeRoleWithWebIdentityResult></r:AssumeRoleWithWebIdentityResponse>)";

TEST(StsReply, IsReadWhateverItsNamespaceIsCalled) {
  EXPECT_EQ(keys(read_sts_reply, kSts).keys, (AwsKeys{"ASIA", "s", "t&"}));
  std::string plain = kSts;
  for (std::size_t at; (at = plain.find("r:")) != std::string::npos;) plain.erase(at, 2);
  EXPECT_EQ(keys(read_sts_reply, plain).expires, read_rfc3339("2026-01-02T09:04:05Z"));
}

TEST(StsReply, ThatRefusesSaysWhy) {
  const auto refused = [](int status, const std::string& code) {
    return failure(read_sts_reply, status,
                   "<ErrorResponse><Error><Type>Sender</Type><Code>" + code +
                       "</Code><Message>no</Message></Error></ErrorResponse>");
  };
  EXPECT_EQ(refused(400, "ExpiredTokenException").why,
            "there: HTTP 400, ExpiredTokenException: 'no'");
  EXPECT_FALSE(refused(400, "ExpiredTokenException").passing);
  EXPECT_TRUE(refused(400, "IDPCommunicationError").passing);
  EXPECT_TRUE(failure(read_sts_reply, 500, "").passing);
}

TEST(StsReply, OfAnotherKindHasNoKeys) {
  for (const char* body : {"", "{}", "<html>", "<a><Credentials/></a>", "<ErrorResponse/>"}) {
    EXPECT_TRUE(failure(read_sts_reply, 200, body).passing) << body;
  }
}

TEST(AwsErrorReply, IsReadInEachForm) {
  const auto code = [](const std::string& body, const std::string& header = "") {
    net::HttpReply reply{400, body, {}};
    if (!header.empty()) reply.headers.emplace_back("x-amzn-errortype", header);
    return read_aws_error(reply).code;
  };
  EXPECT_EQ(code("<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Code>Throttling</Code></Error>"
                 "</ErrorResponse>"),
            "Throttling");
  EXPECT_EQ(code("<InvalidChangeBatch><Messages/></InvalidChangeBatch>"), "InvalidChangeBatch");
  EXPECT_EQ(code(R"({"__type":"com.amazon#ServiceNotFound:http://x"})"), "ServiceNotFound");
  EXPECT_EQ(code(R"({"message":"no"})", "ExpiredTokenException:http://x"), "ExpiredTokenException");
  EXPECT_EQ(code("<html><body>502</body></html>"), "");
  EXPECT_EQ(code(""), "");
  EXPECT_EQ(sentence({502, "", {}}), "HTTP 502");
}

}  // namespace
}  // namespace upstream
