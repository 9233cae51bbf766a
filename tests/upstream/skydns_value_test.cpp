#include "upstream/skydns_value.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

std::string error_of(std::string_view json) {
  const auto read = read_skydns_value(json);
  return read.ok() ? "" : read.error().message;
}

TEST(SkydnsValue, HasTheFieldsOfThePlugin) {
  const auto read = read_skydns_value(
      R"({"host":"10.0.1.7","port":8080,"priority":20,"weight":7,"ttl":60,"text":"hi","group":"g1",)"
      R"("mail":true,"targetstrip":1,"key":"/x"})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  const SkydnsValue& value = read.value();
  EXPECT_EQ(value.host, "10.0.1.7");
  EXPECT_EQ(value.port, 8080);
  EXPECT_EQ(value.priority, 20);
  EXPECT_EQ(value.weight, 7U);
  EXPECT_EQ(value.ttl, 60U);
  EXPECT_EQ(value.text(), "hi");
  EXPECT_EQ(value.group(), "g1");
}

TEST(SkydnsValue, CountsWhatIsMissingAsThePluginDoes) {
  const cache::Instance instance =
      instance_from(read_skydns_value(R"({"host":"a.example"})").value(), "x1");
  EXPECT_EQ(instance.id, "x1");
  EXPECT_EQ(instance.host, "a.example");
  EXPECT_EQ(instance.port, 0);
  EXPECT_EQ(instance.priority, 10);
  EXPECT_EQ(instance.weight, 100U);
  EXPECT_TRUE(instance.attributes.empty());
}

TEST(SkydnsValue, TextIsAnAttribute) {
  const cache::Instance instance =
      instance_from(read_skydns_value(R"({"text":"v=1"})").value(), "x1");
  ASSERT_EQ(instance.attributes.size(), 1U);
  EXPECT_EQ(instance.attributes[0], (std::pair<std::string, std::string>("text", "v=1")));
}

TEST(SkydnsValue, ReadsNumbersInQuotesAndKeysInCapitals) {
  const auto read = read_skydns_value(R"({"Host":"10.0.0.1","ttl":"60","PORT":"81"})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().host, "10.0.0.1");
  EXPECT_EQ(read.value().ttl, 60U);
  EXPECT_EQ(read.value().port, 81);
}

TEST(SkydnsValue, PassesOverWhatItDoesNotKnowHoweverDeep) {
  const auto read = read_skydns_value(
      R"({"a":{"host":"1","b":[{"port":-1}]},"host":"10.0.0.1","c":null,"text":null})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().host, "10.0.0.1");
  const std::string deep(100'000, '[');
  EXPECT_NE(error_of(R"({"a":)" + deep), "");
}

TEST(SkydnsValue, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(error_of(R"({"host":"10.0.0.1","port":70000})"),
            "expected a number from 0 to 65535 as port, found '70000'");
  EXPECT_EQ(error_of(R"({"port":-1})"), "expected a number from 0 to 65535 as port, found '-1'");
  EXPECT_EQ(error_of(R"({"weight":1.5})"),
            "expected a number from 0 to 2147483647 as weight, found '1.5'");
  EXPECT_EQ(error_of(R"({"ttl":"soon"})"),
            "expected a number from 0 to 2147483647 as ttl, found 'soon'");
  EXPECT_EQ(error_of(R"({"host":7})"), "expected text as host, found '7'");
  EXPECT_EQ(error_of(R"({"host":["10.0.0.1"]})"), "expected a single value as host, found 'more'");
}

TEST(SkydnsValue, SaysWhatIsNoObject) {
  for (const char* json :
       {"", "10.0.0.1", "[]", "\"x\"", "7", "null", "{\"host\":\"10.0.0.1\"", "{} {}", "\xff"}) {
    EXPECT_TRUE(error_of(json).starts_with("expected an object such as {")) << json;
  }
}

}  // namespace
}  // namespace upstream
