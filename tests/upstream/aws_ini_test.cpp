#include "upstream/aws_ini.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

std::string value(const std::string& text, const std::string& section, const std::string& key) {
  const auto read = read_aws_ini(text);
  if (!read.ok()) return "error: " + read.error().message;
  const auto found = read.value().find(section);
  if (found == read.value().end()) return "no section";
  const auto at = found->second.find(key);
  return at == found->second.end() ? "no key" : at->second;
}

TEST(AwsIni, ReadsKeysOfSections) {
  const std::string text = "[default]\nregion = eu-west-1\n[profile a b]\r\nregion=us-east-1\r\n";
  EXPECT_EQ(value(text, "default", "region"), "eu-west-1");
  EXPECT_EQ(value(text, "profile a b", "region"), "us-east-1");
  EXPECT_EQ(value(text, "default", "output"), "no key");
}

TEST(AwsIni, FoldsKeysAndKeepsValues) {
  EXPECT_EQ(value("[d]\nAWS_Secret_Access_Key = a/B+c=#;d \n", "d", "aws_secret_access_key"),
            "a/B+c=#;d");
  EXPECT_EQ(value("\xef\xbb\xbf[d]\nk: v", "d", "k"), "v");
  EXPECT_EQ(value("[d]\nk =\n", "d", "k"), "");
}

TEST(AwsIni, PassesOverCommentsAndWhatIsBelowAKey) {
  const std::string text = "# [x]\n; y\n[d]\ns3 =\n  max = 10\n\tnonsense\n  # more\nregion = r\n";
  EXPECT_EQ(value(text, "d", "region"), "r");
  EXPECT_EQ(value(text, "d", "max"), "no key");
}

TEST(AwsIni, GoesOnWithASectionThatComesAgain) {
  const std::string text = "[d]\na = 1\nb = 1\n[e]\n[d]\nb = 2\n";
  EXPECT_EQ(value(text, "d", "a"), "1");
  EXPECT_EQ(value(text, "d", "b"), "2");
}

TEST(AwsIni, SaysTheLineAndNotWhatIsOnIt) {
  EXPECT_EQ(value("[d]\n\nsecret\n", "d", "k"), "error: 3: expected key = value");
  EXPECT_EQ(value("[d\n", "d", "k"), "error: 1: expected a ] after the section's name");
  EXPECT_EQ(value("k = v\n", "d", "k"),
            "error: 1: expected a section such as [default] before the first key");
  EXPECT_EQ(value("[d]\n= v\n", "d", "k"), "error: 2: expected key = value");
}

}  // namespace
}  // namespace upstream
