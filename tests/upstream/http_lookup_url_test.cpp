#include "upstream/http_lookup_url.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

conf::Catalog catalog(const std::string& url = "http://c.example/dev") {
  conf::Catalog out;
  out.type = conf::Catalog::Type::http;
  out.url = url;
  out.services = {{"HelloWorld", "1.0-Beta"}, {"_time._tcp", ""}, {"a b/c", "1"}, {"..", "1"}};
  return out;
}

conf::Catalog service_dialect() {
  conf::Catalog out = catalog();
  out.dialect = conf::Catalog::Dialect::service;
  return out;
}

TEST(HttpLookupUrl, HasNameAndVersionInThePath) {
  EXPECT_EQ(http_lookup_url(catalog(), {"calc", "2.1"}), "http://c.example/dev/catalog/calc/2.1");
}

TEST(HttpLookupUrl, AddsNoSecondSlash) {
  EXPECT_EQ(http_lookup_url(catalog("http://c.example/dev//"), {"calc", "2.1"}),
            "http://c.example/dev/catalog/calc/2.1");
}

TEST(HttpLookupUrl, SpellsAConfiguredServiceAsConfigured) {
  EXPECT_EQ(http_lookup_url(catalog(), {"helloworld", "1.0-beta"}),
            "http://c.example/dev/catalog/HelloWorld/1.0-Beta");
  EXPECT_EQ(http_lookup_url(catalog(), {"time", "1.0"}),
            "http://c.example/dev/catalog/_time._tcp/1.0");
}

TEST(HttpLookupUrl, SpellsTheDefaultVersionAsConfigured) {
  conf::Catalog settings = catalog();
  settings.default_version = "V1";
  EXPECT_EQ(http_lookup_url(settings, {"calc", "v1"}), "http://c.example/dev/catalog/calc/V1");
}

TEST(HttpLookupUrl, EncodesWhatIsConfigured) {
  EXPECT_EQ(http_lookup_url(catalog(), {"a b/c", "1"}), "http://c.example/dev/catalog/a%20b%2Fc/1");
}

TEST(HttpLookupUrl, SendsNoStrangeNameFromTheDns) {
  for (const char* name : {"a b", "a/b", "a\"b", "\xc3\xbc", "", ".", "..", "a?b", "a%2fb"}) {
    EXPECT_EQ(http_lookup_url(catalog(), {name, "9"}), std::nullopt) << name;
    EXPECT_EQ(http_lookup_url(catalog(), {"calc", name}), std::nullopt) << name;
  }
}

TEST(HttpLookupUrl, OfTheServiceDialectHasTheNameAsParameter) {
  EXPECT_EQ(http_lookup_url(service_dialect(), {"calc", ""}),
            "http://c.example/dev/service?service_id=calc");
  EXPECT_EQ(http_lookup_url(service_dialect(), {"a&b=c", ""}),
            "http://c.example/dev/service?service_id=a%26b%3Dc");
  EXPECT_EQ(http_lookup_url(service_dialect(), {"helloworld", ""}),
            "http://c.example/dev/service?service_id=HelloWorld");
}

TEST(ConfiguredKeys, AreCanonicalAndHaveTheDefaultVersion) {
  const std::vector<LookupKey> expected{
      {"helloworld", "1.0-beta"}, {"time", "1.0"}, {"a b/c", "1"}, {"..", "1"}};
  EXPECT_EQ(configured_keys(catalog()), expected);
  EXPECT_EQ(configured_keys(service_dialect())[1], (LookupKey{"time", ""}));
}

}  // namespace
}  // namespace upstream
