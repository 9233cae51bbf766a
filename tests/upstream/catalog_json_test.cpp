#include <gtest/gtest.h>

#include "tests/support/documents.h"

namespace {

using support::error_in;
using support::part_of;

cache::CatalogPart json(std::string_view text) {
  return part_of("s.json", text);
}

std::string json_error(std::string_view text) {
  return error_in("s.json", text);
}

std::string instance_error(const std::string& fields) {
  return json_error("{\"services\":[{\"name\":\"a\",\n\"instances\":[{\"host\":\"h\"},\n{" +
                    fields + "}]}]}");
}

TEST(CatalogJson, ReadsTheDocumentOfTheManual) {
  const auto part =
      json(R"({"services":[{"name":"time","instances":[{"host":"10.0.1.7","port":8081}]}]})");
  cache::Instance expected;
  expected.id = "10.0.1.7:8081";
  expected.host = "10.0.1.7";
  expected.port = 8081;
  ASSERT_EQ(part.services.size(), 1u);
  EXPECT_EQ(part.services[0], (cache::Service{"time", {}, {expected}}));
}

TEST(CatalogJson, SaysTheSameAsToml) {
  const auto from_json = json(R"({"services": [{
    "instances": [{"status": "draining", "url": "http://10.0.1.7/", "host": "10.0.1.7", "id": "x",
                   "port": 8081, "weight": 5, "priority": 2, "rack": 4, "share": 2.50,
                   "up": false, "note": null}],
    "ttl": 9, "team": "core", "version": "1.0", "name": "time"}]})");
  const auto from_toml = part_of("s.toml", R"([[service]]
name = "time"
version = "1.0"
ttl = 9
team = "core"
[[service.instance]]
id = "x"
host = "10.0.1.7"
port = 8081
weight = 5
priority = 2
status = "draining"
url = "http://10.0.1.7/"
rack = 4
share = "2.50"
up = false
)");
  EXPECT_EQ(from_json.services, from_toml.services);
}

TEST(CatalogJson, AnEmptyListIsAnEmptyCatalog) {
  EXPECT_TRUE(json(R"({"services":[]})").services.empty());
  EXPECT_TRUE(json(R"({"services":[{"name":"a","instances":[]}]})").services[0].instances.empty());
}

TEST(CatalogJson, WhatIsNotJsonIsAnErrorWithItsPlace) {
  EXPECT_EQ(json_error("{\"services\":[\n  {\"name\": }]}").find("s.json:2:"), 0u)
      << json_error("{\"services\":[\n  {\"name\": }]}");
  EXPECT_EQ(json_error("").find("s.json:1:1: expected JSON, found: "), 0u);
  EXPECT_NE(json_error("{\"services\":[]} x").find("expected JSON, found: "), std::string::npos);
  EXPECT_NE(json_error("{\"services\":[{\"name\":\"\xff\"}]}").find("expected JSON, found: "),
            std::string::npos);
  EXPECT_NE(instance_error("\"port\":1e999").find("s.json:3:"), std::string::npos);
}

TEST(CatalogJson, AnotherShapeIsAnErrorThatSaysWhatIsMeant) {
  EXPECT_EQ(json_error("[]"), "s.json:1:1: expected {\"services\": [...]}, found an array");
  EXPECT_EQ(json_error("3"), "s.json:1:1: expected {\"services\": [...]}, found a single value");
  EXPECT_EQ(json_error("{}"),
            "s.json:1:2: expected {\"services\": [...]}, found an object without it");
  EXPECT_EQ(json_error("{\n \"service\": []}"),
            "s.json:2:2: expected {\"services\": [...]}, found 'service'");
  EXPECT_EQ(json_error("{\"services\": {}}"),
            "s.json:1:14: expected {\"services\": [...]}, found an object");
  EXPECT_EQ(json_error("{\"services\": null}"),
            "s.json:1:14: expected {\"services\": [...]}, found null");
  EXPECT_EQ(json_error("{\"services\": [\"a\"]}"),
            "s.json:1:15: expected an object, one service, found a single value");
  EXPECT_EQ(json_error("{\"services\": [{\"name\": \"a\", \"instances\": {}}]}"),
            "s.json:1:42: expected an array as instances, found an object, in service 'a'");
  EXPECT_EQ(json_error("{\"services\": [{\"name\": \"a\", \"instances\": [[]]}]}"),
            "s.json:1:43: expected an object, one instance, found an array, in service 'a'");
}

TEST(CatalogJson, WrongValuesAreErrorsWithPlaceServiceAndInstance) {
  EXPECT_EQ(instance_error("\"host\":\"h\", \"port\": 0"),
            "s.json:3:22: expected a number from 1 to 65535 as port, found 0, "
            "in instance 2 of service 'a'");
  EXPECT_EQ(instance_error("\"host\":7"),
            "s.json:3:9: expected an address or a host name as host, found 7, "
            "in instance 2 of service 'a'");
  EXPECT_EQ(instance_error("\"weight\":18446744073709551615"),
            "s.json:3:11: expected a number from 0 to 4294967295 as weight, "
            "found 18446744073709551615, in instance 2 of service 'a'");
  EXPECT_EQ(instance_error("\"port\":8e1"),
            "s.json:3:9: expected a number from 1 to 65535 as port, found 8e1, "
            "in instance 2 of service 'a'");
  EXPECT_EQ(instance_error("\"tags\":{\"a\":1}"),
            "s.json:3:9: expected text, a number, true or false as tags, found an object, "
            "in instance 2 of service 'a'");
  EXPECT_EQ(instance_error("\"port\":80"),
            "s.json:3:1: expected a host, or a url with one, found neither, "
            "in instance 2 of service 'a'");
}

TEST(CatalogJson, EachKeyStandsOnce) {
  EXPECT_EQ(instance_error("\"host\":\"h\",\"port\":1,\"port\":2"),
            "s.json:3:22: expected each key once, found 'port' again, "
            "in instance 2 of service 'a'");
  EXPECT_NE(json_error(R"({"services":[],"services":[]})").find("found 'services'"),
            std::string::npos);
  EXPECT_NE(json_error(R"({"services":[{"name":"a","instances":[],"instances":[]}]})")
                .find("found 'instances' again"),
            std::string::npos);
}

TEST(CatalogJson, AServiceWithoutANameIsAnErrorWhereItStarts) {
  EXPECT_EQ(json_error("{\"services\":[\n  {\"instances\":[]}]}")
                .find("s.json:2:3: expected a service name of labels"),
            0u);
}

TEST(CatalogJson, DepthCostsNothing) {
  const std::string deep(2'000'000, '[');
  EXPECT_NE(json_error(deep), "");
  EXPECT_NE(json_error("{\"services\":" + deep), "");
  EXPECT_NE(json_error("{\"services\":[{\"name\":\"a\",\"x\":" + deep), "");
}

TEST(CatalogJson, ManyKeysAreRefusedNotKept) {
  std::string text = R"({"services":[{"name":"a","instances":[{"host":"h")";
  for (int i = 0; i < 1'000'000; ++i) text += ",\"k" + std::to_string(i) + "\":1";
  EXPECT_NE(json_error(text).find("expected at most 256 attributes, found one more: 'k256'"),
            std::string::npos);
}

TEST(CatalogJson, AHundredThousandInstancesAreReadWhole) {
  std::string text = R"({"services":[)";
  for (int s = 0; s < 20'000; ++s) {
    text += s == 0 ? "" : ",";
    text += R"({"name":"s)" + std::to_string(s) + R"(","instances":[)";
    for (int i = 0; i < 5; ++i) {
      text += (i == 0 ? "" : ",") + (R"({"host":"10.0.0.)" + std::to_string(i)) + R"(","port":80})";
    }
    text += "]}";
  }
  const auto part = json(text + "]}");
  ASSERT_EQ(part.services.size(), 20'000u);
  for (const auto& service : part.services) ASSERT_EQ(service.instances.size(), 5u);
}

}  // namespace
