#include <gtest/gtest.h>

#include "tests/support/documents.h"

namespace {

using support::error_in;
using support::part_of;
using Attributes = std::vector<std::pair<std::string, std::string>>;

cache::CatalogPart toml(std::string_view text) {
  return part_of("s.toml", text);
}

std::string toml_error(std::string_view text) {
  return error_in("s.toml", text);
}

std::string instance_error(const std::string& line) {
  return toml_error("[[service]]\nname = \"a\"\n[[service.instance]]\nhost = \"h\"\n" + line);
}

// The document of interface.md.
constexpr std::string_view kTime = R"([[service]]
name = "time"                     # or "_time._tcp"
version = "1.0"                   # optional
  [[service.instance]]
  id = "time-1"                   # optional; made from host and port
  host = "10.0.1.7"               # address or name
  port = 8081
  weight = 100                    # default 100
  priority = 1                    # default 1
  status = "healthy"              # healthy | unhealthy | draining
  url = "http://10.0.1.7:8081/"   # optional
  zone = "us-east-1a"             # any other key is an attribute (TXT)
)";

TEST(CatalogToml, ReadsTheDocumentOfTheManual) {
  cache::Instance expected;
  expected.id = "time-1";
  expected.version = "1.0";
  expected.host = "10.0.1.7";
  expected.port = 8081;
  expected.status = cache::Status::healthy;
  expected.status_text = "healthy";
  expected.url = "http://10.0.1.7:8081/";
  expected.attributes = {{"zone", "us-east-1a"}};
  const auto part = toml(kTime);
  ASSERT_EQ(part.services.size(), 1u);
  EXPECT_EQ(part.services[0], (cache::Service{"time", {}, {expected}}));
  EXPECT_TRUE(part.records.empty());
}

TEST(CatalogToml, OneHostIsEnoughForAnInstance) {
  const auto part = toml("[[service]]\nname='a'\n[[service.instance]]\nhost='h.example'\n");
  cache::Instance expected;
  expected.id = expected.host = "h.example";
  EXPECT_EQ(part.services.at(0).instances, std::vector{expected});
  EXPECT_EQ(expected.weight, 100u);
  EXPECT_EQ(expected.priority, 1u);
}

TEST(CatalogToml, AServiceMayHaveNoInstance) {
  const auto part = toml("[[service]]\nname = \"_time._tcp\"\n");
  EXPECT_EQ(part.services.at(0), (cache::Service{"_time._tcp", {}, {}}));
}

TEST(CatalogToml, AnEmptyDocumentIsAnEmptyCatalog) {
  EXPECT_TRUE(toml("").services.empty());
  EXPECT_TRUE(toml("# nothing yet\n").services.empty());
}

TEST(CatalogToml, VersionsOfOneNameAreOneService) {
  const auto part = toml(R"(
[[service]]
name = "hello"
version = "1.0"
ttl = 60
instance = [{ host = "10.0.0.1", port = 80 }]
[[service]]
name = "Hello"
version = "1.1"
ttl = 30
instance = [{ host = "10.0.0.1", port = 80 }, { host = "10.0.0.2", port = 80, version = "2" }]
)");
  ASSERT_EQ(part.services.size(), 1u);
  EXPECT_EQ(part.services[0].name, "hello");
  EXPECT_EQ(part.services[0].ttl, 30u);
  const auto& instances = part.services[0].instances;
  ASSERT_EQ(instances.size(), 3u);
  EXPECT_EQ(instances[0].version, "1.0");
  EXPECT_EQ(instances[1].version, "1.1");
  EXPECT_EQ(instances[2].version, "2");
  EXPECT_EQ(instances[0].id, "10.0.0.1:80");
  EXPECT_EQ(instances[1].id, "10.0.0.1:80-2");
}

TEST(CatalogToml, AttributesKeepTheirTextAndStandByName) {
  const auto part = toml(R"([[service]]
name = "a"
team = "core"
rack = 1
[[service.instance]]
host = "h"
rack = 7
fast = true
share = 0.25
since = 2024-02-03
big = 9223372036854775807
)");
  EXPECT_EQ(part.services.at(0).instances.at(0).attributes,
            (Attributes{{"big", "9223372036854775807"},
                        {"fast", "true"},
                        {"rack", "7"},
                        {"share", "0.25"},
                        {"since", "2024-02-03"},
                        {"team", "core"}}));
}

TEST(CatalogToml, AUrlGivesTheHostAndPortThatAreMissing) {
  const auto part = toml(R"([[service]]
name = "a"
instance = [
  { url = "https://api.example.com/dev" },
  { url = "http://[2001:db8::1]/x" },
  { url = "http://api.example.com:8080/", host = "10.0.0.1" },
]
)");
  const auto& instances = part.services.at(0).instances;
  EXPECT_EQ(instances.at(0).host, "api.example.com");
  EXPECT_EQ(instances.at(0).port, 443);
  EXPECT_EQ(instances.at(1).id, "[2001:db8::1]:80");
  EXPECT_EQ(instances.at(2).id, "10.0.0.1:8080");
}

TEST(CatalogToml, StatusWordsThatNobodyKnowsStayAsText) {
  const auto part = toml(R"([[service]]
name = "a"
instance = [
  { host = "a", status = "draining" }, { host = "b", status = "unhealthy" },
  { host = "c", status = "Healthy" }, { host = "d" },
]
)");
  const auto& instances = part.services.at(0).instances;
  EXPECT_EQ(instances.at(0).status, cache::Status::draining);
  EXPECT_EQ(instances.at(1).status, cache::Status::unhealthy);
  EXPECT_EQ(instances.at(2).status, cache::Status::unknown);
  EXPECT_EQ(instances.at(2).status_text, "Healthy");
  EXPECT_EQ(instances.at(3).status, cache::Status::unknown);
  EXPECT_EQ(instances.at(3).status_text, "");
}

TEST(CatalogToml, NumbersAtTheirBoundsAreTaken) {
  const auto part = toml(R"([[service]]
name = "a"
instance = [
  { host = "a", port = 1, weight = 0, priority = 0 },
  { host = "b", port = 65535, weight = 4294967295, priority = 65535 },
]
)");
  const auto& instances = part.services.at(0).instances;
  EXPECT_EQ(instances.at(0).weight, 0u);
  EXPECT_EQ(instances.at(1).weight, 4294967295u);
  EXPECT_EQ(instances.at(1).port, 65535);
  EXPECT_EQ(instances.at(1).priority, 65535);
}

TEST(CatalogToml, NumbersOutOfBoundsAreErrorsWithTheirPlace) {
  EXPECT_EQ(instance_error("port = 0"),
            "s.toml:5:8: expected a number from 1 to 65535 as port, found 0, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(instance_error("port = 65536"),
            "s.toml:5:8: expected a number from 1 to 65535 as port, found 65536, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(instance_error("priority = -1"),
            "s.toml:5:12: expected a number from 0 to 65535 as priority, found -1, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(instance_error("weight = 4294967296"),
            "s.toml:5:10: expected a number from 0 to 4294967295 as weight, found 4294967296, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(toml_error("[[service]]\nname = 'a'\nttl = -1\n"),
            "s.toml:3:7: expected a number from 0 to 2147483647 as ttl, found -1, in service 'a'");
}

TEST(CatalogToml, ValuesOfTheWrongKindAreErrors) {
  EXPECT_EQ(instance_error("port = \"80\""),
            "s.toml:5:8: expected a number from 1 to 65535 as port, found '80', "
            "in instance 1 of service 'a'");
  EXPECT_EQ(instance_error("version = 1.0"),
            "s.toml:5:11: expected text in quotes as version, found 1, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(instance_error("tags = [\"x\"]"),
            "s.toml:5:8: expected text, a number, true or false as tags, found an array, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(toml_error("[service]\nname = 'a'\n"),
            "s.toml:1:1: expected [[service]], found a table");
  EXPECT_EQ(toml_error("service = [1]\n"),
            "s.toml:1:12: expected [[service]], found a value in an array");
  EXPECT_EQ(toml_error("[[services]]\nname = 'a'\n"),
            "s.toml:1:3: expected [[service]], found 'services'");
}

TEST(CatalogToml, HostsThatNobodyCanConnectToAreErrors) {
  for (const std::string host :
       {"10.0.0.256", "10.0.0.1:80", "", "a b", "a..b", "[::1]", "b\\u00fc.de"}) {
    const std::string error =
        toml_error("[[service]]\nname = 'a'\n[[service.instance]]\nhost = \"" + host + "\"\n");
    EXPECT_EQ(error.find("s.toml:4:8: expected an address or a host name as host, found '"), 0u)
        << host << ": " << error;
  }
}

TEST(CatalogToml, AnInstanceWithoutAPlaceIsAnError) {
  EXPECT_EQ(toml_error("[[service]]\nname = 'a'\n[[service.instance]]\nport = 80\n"),
            "s.toml:3:1: expected a host, or a url with one, found neither, "
            "in instance 1 of service 'a'");
  EXPECT_EQ(toml_error("[[service]]\nname = 'a'\n[[service.instance]]\nurl = 'notarealurl1'\n"),
            "s.toml:3:1: expected a host, or a url with one, found url 'notarealurl1', "
            "in instance 1 of service 'a'");
}

TEST(CatalogToml, ServiceNamesMustBeNamesInTheZone) {
  const std::string expected =
      "s.toml:1:1: expected a service name of labels of 1 to 63 bytes, relative to the zone, 255 "
      "bytes in all, found '";
  for (const std::string& name : {std::string(), std::string("a..b"), std::string("a."),
                                  std::string(".a"), std::string("a b"), std::string(64, 'x'),
                                  std::string(63, 'x') + "." + std::string(63, 'x') + "." +
                                      std::string(63, 'x') + "." + std::string(50, 'x')}) {
    EXPECT_EQ(toml_error("[[service]]\nname = '" + name + "'\n").find(expected), 0u) << name;
  }
  EXPECT_EQ(toml_error("[[service]]\nname = '" + std::string(63, 'x') + "'\n"), "");
  EXPECT_EQ(toml_error("[[service]]\nversion = '1'\n").find(expected), 0u);
  EXPECT_NE(toml_error("[[service]]\nname='a'\nversion='1..0'\ninstance=[{host='h'}]\n")
                .find("expected a version of labels of 1 to 63 bytes"),
            std::string::npos);
}

TEST(CatalogToml, WhatIsNotTomlIsAnErrorWithItsPlace) {
  EXPECT_EQ(toml_error("[[service]]\nname = \n").find("s.toml:2:8: expected TOML, found: "), 0u);
  EXPECT_EQ(toml_error("[[service]]\nname = 'a'\nname = 'b'\n").find("s.toml:3:"), 0u);
  EXPECT_EQ(toml_error("\xff\xfe").find("s.toml:1:1: expected TOML, found: "), 0u);
}

TEST(CatalogToml, DepthIsBoundedHoweverItIsWritten) {
  std::string header = "[a";
  for (int i = 0; i < 1'000'000; ++i) header += ".a";
  EXPECT_EQ(toml_error(header + "]"),
            "s.toml:1:19: expected a name with at most 8 dots outside quotes, found one more");
  EXPECT_NE(toml_error("a=" + std::string(1'000'000, '[')).find("maximum nested value depth"),
            std::string::npos);
  std::string tables = "a=";
  for (int i = 0; i < 100'000; ++i) tables += "{a.a.a.a.a.a.a.a.a=";
  EXPECT_NE(toml_error(tables).find("maximum nested value depth"), std::string::npos);
}

TEST(CatalogToml, ManyKeysAreRefusedNotKept) {
  std::string text = "[[service]]\nname = 'a'\n[[service.instance]]\nhost = 'h'\n";
  for (int i = 0; i < 100'000; ++i) text += "k" + std::to_string(i) + " = 1\n";
  EXPECT_NE(toml_error(text).find("expected at most 256 attributes, found one more: '"),
            std::string::npos);
}

}  // namespace
