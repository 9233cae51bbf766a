#include "upstream/route53_names.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

std::string read(std::string_view text) {
  const auto name = route53_name(text);
  return name.ok() ? name.value().to_text() : name.error().message;
}

TEST(Route53Names, OctalEscapesAreCharacters) {
  EXPECT_EQ(read("\\052.dev.z."), "*.dev.z.");
  EXPECT_EQ(read("admin\\100z.z."), "admin\\@z.z.");
  EXPECT_EQ(read("_calc._tcp.z"), "_calc._tcp.z.");
}

TEST(Route53Names, AnEscapedDotIsNoBorderOfLabels) {
  const auto name = route53_name("a\\056b.z.");
  ASSERT_TRUE(name.ok());
  EXPECT_EQ(dns::label_count(name.value().view()), 2U);
}

TEST(Route53Names, HighBytesAndWhatIsNoEscape) {
  EXPECT_EQ(decimal_escapes("\\377x"), "\\255x");
  EXPECT_EQ(decimal_escapes("\\\\052"), "\\\\052") << "an escaped backslash and three digits";
  EXPECT_EQ(decimal_escapes("\\"), "\\");
  EXPECT_EQ(decimal_escapes("\\05"), "\\05");
  EXPECT_EQ(decimal_escapes("\\400"), "\\400") << "no byte";
}

TEST(Route53Names, ABrokenNameIsSaid) {
  EXPECT_NE(read("a..z.").find("a label is empty"), std::string::npos) << read("a..z.");
  EXPECT_NE(read("").find("it is empty"), std::string::npos);
}

TEST(Route53Names, IdsLoseTheirPath) {
  EXPECT_EQ(without_path("/hostedzone/Z1EXAMPLE"), "Z1EXAMPLE");
  EXPECT_EQ(without_path("Z1EXAMPLE"), "Z1EXAMPLE");
}

TEST(Route53Names, TellsAnIdFromAName) {
  EXPECT_TRUE(is_hosted_zone_id("Z1EXAMPLE"));
  EXPECT_TRUE(is_hosted_zone_id("/hostedzone/Z1EXAMPLE"));
  EXPECT_FALSE(is_hosted_zone_id("servicediscovery.internal"));
  EXPECT_FALSE(is_hosted_zone_id("local"));
  EXPECT_FALSE(is_hosted_zone_id("LOCAL."));
  EXPECT_FALSE(is_hosted_zone_id(""));
}

}  // namespace
}  // namespace upstream
