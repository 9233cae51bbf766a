#include "upstream/http_catalog_reply.h"

#include <gtest/gtest.h>

namespace {

using conf::Catalog;
using upstream::Absent;
using upstream::Found;
using upstream::LookupKey;
using upstream::LookupOutcome;
using upstream::Unavailable;

const LookupKey kHello{"helloworld", "1.0"};
const LookupKey kFoo{"foo", ""};

LookupOutcome catalog(int status, std::string_view body) {
  return upstream::read_http_catalog_reply(status, body, Catalog::Dialect::catalog, kHello);
}

LookupOutcome service(int status, std::string_view body) {
  return upstream::read_http_catalog_reply(status, body, Catalog::Dialect::service, kFoo);
}

/// Why there was no word, or "" when there was one.
std::string why(const LookupOutcome& outcome) {
  const auto* away = std::get_if<Unavailable>(&outcome);
  if (away == nullptr) return "";
  EXPECT_TRUE(away->connected);
  return away->why;
}

std::string with_ttl(const std::string& ttl) {
  return R"({"status":"healthy","endpoint_url":"https://a.example/dev","ttl":)" + ttl + "}";
}

/// The ttl that was understood; -1 when the reply was no word.
std::int64_t ttl_of(const std::string& ttl) {
  const LookupOutcome outcome = catalog(200, with_ttl(ttl));
  const auto* found = std::get_if<Found>(&outcome);
  return found == nullptr ? -1 : std::int64_t{found->ttl};
}

constexpr std::string_view kForm =
    R"(expected {"endpoint_url": text, "status": text, "ttl": seconds}, found )";

TEST(HttpCatalogReply, TheBlogSeriesAnswerIsOneInstance) {
  const auto outcome = catalog(
      200,
      R"({"status":"healthy","endpoint_url":"https://abc123.execute-api.us-east-1.amazonaws.com/dev","ttl":300})");
  cache::Instance expected;
  expected.id = "abc123.execute-api.us-east-1.amazonaws.com:443";
  expected.version = "1.0";
  expected.host = "abc123.execute-api.us-east-1.amazonaws.com";
  expected.port = 443;
  expected.status = cache::Status::healthy;
  expected.status_text = "healthy";
  expected.url = "https://abc123.execute-api.us-east-1.amazonaws.com/dev";
  const auto& found = std::get<Found>(outcome);
  EXPECT_EQ(found.service, (cache::Service{"helloworld", 300u, {expected}}));
  EXPECT_EQ(found.ttl, 300u);
}

TEST(HttpCatalogReply, TheTtlIsANumberOrANumberInQuotes) {
  EXPECT_EQ(ttl_of("600"), 600);
  EXPECT_EQ(ttl_of("\"300\""), 300);
  EXPECT_EQ(ttl_of("3E+2"), 300);
  EXPECT_EQ(ttl_of("\"3E+2\""), 300);
  EXPECT_EQ(ttl_of("2.5"), 3);
  EXPECT_EQ(ttl_of("0"), 0);
  EXPECT_EQ(ttl_of("-7"), 0);
  EXPECT_EQ(ttl_of("86401"), 86400);
  EXPECT_EQ(ttl_of("18446744073709551616"), 86400);
  for (const char* bad : {"null", "true", "\"\"", "\"soon\"", "\"300s\"", "\"inf\"", "\"nan\"",
                          "\" 300\"", "[300]", "{}"}) {
    EXPECT_EQ(ttl_of(bad), -1) << bad;
  }
}

TEST(HttpCatalogReply, WhatIsNoUrlIsAnInstanceWithoutAnAddress) {
  const auto outcome =
      catalog(200, R"({"status":"healthy","endpoint_url":"notarealurl1","ttl":300})");
  const auto& instance = std::get<Found>(outcome).service.instances.at(0);
  EXPECT_EQ(instance.host, "");
  EXPECT_EQ(instance.port, 0);
  EXPECT_EQ(instance.url, "notarealurl1");
  EXPECT_EQ(instance.id, "notarealurl1");
  const auto empty = catalog(200, R"({"status":"healthy","endpoint_url":"","ttl":300})");
  EXPECT_NE(std::get<Found>(empty).service.instances.at(0).id, "");
}

TEST(HttpCatalogReply, StatusWordsThatNobodyKnowsAreUnknown) {
  const auto status = [](const std::string& word) {
    return std::get<Found>(
               catalog(200, R"({"endpoint_url":"http://a/","ttl":1,"status":")" + word + "\"}"))
        .service.instances.at(0);
  };
  EXPECT_EQ(status("unhealthy").status, cache::Status::unhealthy);
  EXPECT_EQ(status("draining").status, cache::Status::draining);
  EXPECT_EQ(status("sleepy").status, cache::Status::unknown);
  EXPECT_EQ(status("sleepy").status_text, "sleepy");
}

TEST(HttpCatalogReply, NotFoundIsAbsentWhateverTheBody) {
  EXPECT_TRUE(
      std::holds_alternative<Absent>(catalog(404, R"({"error_message":"Service Not Found"})")));
  EXPECT_TRUE(
      std::holds_alternative<Absent>(service(404, R"({"message":"Service foo not found"})")));
  EXPECT_TRUE(std::holds_alternative<Absent>(catalog(404, "")));
}

TEST(HttpCatalogReply, ErrorStatusesAreNoWordAndQuoteTheirMessage) {
  EXPECT_EQ(why(catalog(403, R"({"message":"Missing Authentication Token"})")),
            "HTTP 403: 'Missing Authentication Token'");
  EXPECT_EQ(why(catalog(403, R"({"Message":"User: x is not authorized"})")),
            "HTTP 403: 'User: x is not authorized'");
  EXPECT_EQ(why(catalog(429, R"({"message":"Too Many Requests"})")),
            "HTTP 429: 'Too Many Requests'");
  EXPECT_EQ(why(catalog(504, R"({"message":"Endpoint request timed out"})")),
            "HTTP 504: 'Endpoint request timed out'");
  EXPECT_EQ(why(catalog(500, R"({"error_message":"boom"})")), "HTTP 500: 'boom'");
  EXPECT_EQ(why(service(502, R"({"message":"Internal server error"})")),
            "HTTP 502: 'Internal server error'");
  EXPECT_EQ(why(catalog(301, "")), "HTTP 301: an empty body");
  EXPECT_EQ(why(catalog(204, "")), "HTTP 204: an empty body");
  EXPECT_EQ(why(catalog(201, "null")), "HTTP 201: 'null'");
}

TEST(HttpCatalogReply, ABodyInASentenceIsCutAndPrintable) {
  const std::string html = "<html>\n\x1b[31m" + std::string(1000, 'x');
  EXPECT_EQ(why(catalog(503, html)),
            "HTTP 503: '<html>??[31m" + std::string(160 - 12, 'x') + "...'");
}

TEST(HttpCatalogReply, ASuccessThatCarriesAnErrorIsNoWord) {
  EXPECT_EQ(
      why(catalog(200, R"({"errorMessage":"'Item'","errorType":"KeyError","stackTrace":[]})")),
      "HTTP 200, but the catalog failed: ''Item''");
  EXPECT_EQ(why(catalog(200, R"({"errorMessage":7,"errorType":"KeyError"})"))
                .find("HTTP 200, but the catalog failed: "),
            0u);
  EXPECT_EQ(why(service(200, R"({"errorMessage":"x","instances":["a:1"]})")),
            "HTTP 200, but the catalog failed: 'x'");
}

TEST(HttpCatalogReply, ASuccessOfAnotherShapeIsNoWord) {
  const std::string start = "HTTP 200, but " + std::string(kForm);
  for (const char* body :
       {"", "null", "[]", "3", "{}", "<html></html>", R"({"status":"healthy","ttl":300})",
        R"({"status":"healthy","endpoint_url":"https://a/"})",
        R"({"endpoint_url":"https://a/","ttl":300})",
        R"({"status":1,"endpoint_url":"https://a/","ttl":300})",
        R"({"status":"healthy","endpoint_url":null,"ttl":300})",
        "{\"status\":\"\xff\",\"endpoint_url\":\"https://a/\",\"ttl\":300}"}) {
    EXPECT_EQ(why(catalog(200, body)).find(start), 0u) << body << ": " << why(catalog(200, body));
  }
  EXPECT_EQ(why(catalog(200, R"({"message":"odd"})")), start + "'odd'");
}

TEST(HttpCatalogReply, DepthCostsNothing) {
  EXPECT_NE(why(catalog(200, std::string(1'000'000, '['))), "");
  EXPECT_NE(why(catalog(500, std::string(500'000, '[') + std::string(500'000, ']'))), "");
}

TEST(HttpCatalogReply, TheServiceDialectFoldsRepeatedIds) {
  const auto outcome = service(200, R"({"instances":["bar","10.0.0.1:80","bar","[::1]:81",""]})");
  const auto& found = std::get<Found>(outcome);
  EXPECT_EQ(found.ttl, upstream::kServiceDialectTtl);
  EXPECT_EQ(found.service.ttl, std::nullopt);
  EXPECT_EQ(found.service.name, "foo");
  const auto& instances = found.service.instances;
  ASSERT_EQ(instances.size(), 3u);
  EXPECT_EQ(instances[0].id, "bar");
  EXPECT_EQ(instances[0].host, "");
  EXPECT_EQ(instances[1].host, "10.0.0.1");
  EXPECT_EQ(instances[1].port, 80);
  EXPECT_EQ(instances[1].url, "");
  EXPECT_EQ(instances[2].host, "::1");
  EXPECT_EQ(instances[2].status, cache::Status::unknown);
}

TEST(HttpCatalogReply, AnInstanceIdMayBeAUrl) {
  const auto outcome = service(200, R"({"instances":["https://a.example/x"]})");
  const auto& instance = std::get<Found>(outcome).service.instances.at(0);
  EXPECT_EQ(instance.id, "https://a.example/x");
  EXPECT_EQ(instance.url, "https://a.example/x");
  EXPECT_EQ(instance.host, "a.example");
  EXPECT_EQ(instance.port, 443);
}

TEST(HttpCatalogReply, AnEmptyListIsAServiceWithoutInstances) {
  EXPECT_TRUE(std::get<Found>(service(200, R"({"instances":[]})")).service.instances.empty());
}

TEST(HttpCatalogReply, IdsThatAreNoTextAreNoWord) {
  for (const char* body : {R"({"instances":[1]})", R"({"instances":["a",null]})",
                           R"({"instances":"a"})", R"({"instances":{}})", R"({})", R"(["a"])"}) {
    EXPECT_EQ(why(service(200, body)).find("HTTP 200, but expected {\"instances\": [text, ...]}"),
              0u)
        << body;
  }
}

}  // namespace
