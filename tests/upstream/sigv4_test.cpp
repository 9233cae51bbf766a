// The vectors are AWS's published example keys and time; the first signature is
// that of its test suite, the others were made with its official client.
#include "upstream/sigv4.h"

#include <gtest/gtest.h>

#include "dnsd/net/digest.h"

namespace upstream {
namespace {

using namespace std::chrono;

const WallTime kWhen = sys_days(2015y / 8 / 30) + 12h + 36min;
const AwsKeys kKeys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
const AwsKeys kSessionKeys{kKeys.access_key_id, kKeys.secret_access_key, "SESSIONTOKENEXAMPLE"};
constexpr auto kRegister =
    R"({"service_name":"helloworld","service_version":"1.0","endpoint_url":"https://abc123.execute-api.us-east-1.amazonaws.com/dev","ttl":"300","status":"healthy"})";
constexpr auto kDiscover =
    R"({"NamespaceName":"servicediscovery.internal","ServiceName":"calc","HealthStatus":"ALL"})";

AwsRequest request(std::string method, std::string host, std::string path) {
  AwsRequest made;
  made.method = std::move(method);
  made.host = std::move(host);
  made.path = std::move(path);
  return made;
}

AwsRequest record_sets() {
  return request("GET", "route53.amazonaws.com", "/2013-04-01/hostedzone/Z1EXAMPLE/rrset");
}

void expect_signature(const AwsRequest& request, const AwsKeys& keys, const std::string& service,
                      const std::string& canonical_hash, const std::string& expected) {
  const std::string canonical = canonical_request(request, keys, kWhen);
  EXPECT_EQ(net::hex(net::sha256(canonical)), canonical_hash) << canonical;
  EXPECT_EQ(signature(canonical, keys, {"us-east-1", service}, kWhen), expected);
}

TEST(SigV4, SignsTheSuitesPlainGet) {
  expect_signature(request("GET", "example.amazonaws.com", "/"), kKeys, "service",
                   "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63",
                   "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(SigV4, SignsAQuery) {
  AwsRequest zones = request("GET", "route53.amazonaws.com", "/2013-04-01/hostedzonesbyname");
  zones.query = {{"maxitems", "1"}, {"dnsname", "servicediscovery.internal."}};
  expect_signature(zones, kKeys, "route53",
                   "c7d557c7118dbe06db771faa97dd0aaa590fd75dcac2a47b87d002ad65ae929e",
                   "c70c233e7036ae9720e40e3f2827cbfa0015f2d225f02e7443e05a4724fb0b35");
}

TEST(SigV4, SignsTheSessionToken) {
  AwsRequest sets = record_sets();
  sets.query = {{"name", "_calc._tcp.servicediscovery.internal."},
                {"type", "SRV"},
                {"identifier", "ip-10-5-10-74.ec2.internal:6d3bbdfc"},
                {"maxitems", "300"}};
  expect_signature(sets, kSessionKeys, "route53",
                   "35a4af722f10c54df4485a13f253699504563fc68023e76248467e10d6994fbb",
                   "dd0ec67265de600bd6c13647b0a10c436f484cda653602634fdeb6ad29ede67f");
}

TEST(SigV4, EncodesTheEscapesOfRoute53) {
  AwsRequest sets = record_sets();
  sets.query = {{"name", "\\052.servicediscovery.internal."}, {"type", "A"}, {"maxitems", "300"}};
  expect_signature(sets, kKeys, "route53",
                   "79b63cdeef161d0d7f6e000c7f63d184cdcddb0d4e9152b79d574cbe573c0507",
                   "b150f10de4bfd632ac07530da29cc2824b83b57cd9353704a50df7c6066d0cb5");
}

TEST(SigV4, SignsABody) {
  AwsRequest post =
      request("POST", "abcdef1234.execute-api.us-east-1.amazonaws.com", "/dev/catalog/register");
  post.body = kRegister;
  expect_signature(post, kKeys, "execute-api",
                   "7ef7bd28bbe3ab9247285f76b4fce8d3b662a4fad771ac6d64fee59a6214ecaf",
                   "e9b7a094ad614daf97bded7b1fdee764322b67d155b82dfff024ce0fbb004d0e");
}

TEST(SigV4, SignsFurtherHeaders) {
  AwsRequest post =
      request("POST", "abcdef1234.execute-api.us-east-1.amazonaws.com", "/dev/catalog/register");
  post.body = kRegister;
  post.headers = {{"Content-Type", "application/json"}};
  expect_signature(post, kSessionKeys, "execute-api",
                   "b73172e9aa162dcd5894a72a797cee20d8955ca6c8275c9c9087bd339801abfa",
                   "c7db39d36c72aa9ee162305cac252e86000bf922c463e54b8e55f9c18937020d");
}

TEST(SigV4, EncodesAPathOnceMore) {
  expect_signature(
      request("GET", "lambda.us-east-1.amazonaws.com",
              "/2015-03-31/functions/"
              "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Ahello/configuration"),
      kKeys, "lambda", "5a5fb79bd45dd4dd71f2bf1b8384904d19f913e4db1db866922db0951c90feff",
      "772cb6ae2562c915bf98df066a0ead90c1d1db837e59551d0e2c7f602528c85e");
}

TEST(SigV4, SignsATargetHeader) {
  AwsRequest post = request("POST", "data-servicediscovery.us-east-1.amazonaws.com", "/");
  post.body = kDiscover;
  post.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                  {"X-Amz-Target", "Route53AutoNaming_v20170314.DiscoverInstances"}};
  expect_signature(post, kKeys, "servicediscovery",
                   "3109da6a5b2af76010815d8c3ce6d7ddb352c35b7b59b5fd06bcb6abdf28c15f",
                   "88739de9a11556ba3f1be427cd4d2c4aa5c003896813d6df8a8e0271dcabfbb6");
}

TEST(SigV4, SendsWhatItSigned) {
  const auto lines = sign(request("GET", "example.amazonaws.com", "/"), kSessionKeys,
                          {"us-east-1", "service"}, kWhen);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0], "X-Amz-Date: 20150830T123600Z");
  EXPECT_EQ(lines[1], "X-Amz-Security-Token: SESSIONTOKENEXAMPLE");
  EXPECT_EQ(lines[2].rfind("Authorization: AWS4-HMAC-SHA256 "
                           "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                           "SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=",
                           0),
            0U)
      << lines[2];
}

TEST(SigV4, FoldsSpacesInHeaders) {
  AwsRequest spaced = request("GET", "example.amazonaws.com", "/");
  spaced.headers = {{"My-Header", "  a   b  "}};
  EXPECT_NE(canonical_request(spaced, kKeys, kWhen).find("\nmy-header:a b\n"), std::string::npos);
}

TEST(SigV4, SignsAPathWithoutItsEmptySteps) {
  const auto path_of = [](const std::string& path) {
    const std::string canonical = canonical_request(request("GET", "h", path), kKeys, kWhen);
    return canonical.substr(4, canonical.find('\n', 4) - 4);
  };
  EXPECT_EQ(path_of("//a///b/"), "/a/b/");
  EXPECT_EQ(path_of("/a/./b/../c"), "/a/c");
  EXPECT_EQ(path_of("/.."), "/");
  EXPECT_EQ(path_of(""), "/");
}

}  // namespace
}  // namespace upstream
