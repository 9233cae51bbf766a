#include "cache/question_name.h"

#include <gtest/gtest.h>

namespace cache {
namespace {

std::string meant(std::string_view text) {
  const auto name = question_name(text, dns::Name::from_text("z.example").value());
  return name.ok() ? name.value().to_text() : name.error().message;
}

TEST(QuestionName, IsRelativeToTheZone) {
  EXPECT_EQ(meant("time"), "time.z.example.");
  EXPECT_EQ(meant("1.0.helloworld"), "1.0.helloworld.z.example.");
  EXPECT_EQ(meant("_time._tcp"), "_time._tcp.z.example.");
  EXPECT_EQ(meant("web.example"), "web.example.z.example.");
}

TEST(QuestionName, IsAbsoluteWithALastDotOrWithinTheZone) {
  EXPECT_EQ(meant("web.example."), "web.example.");
  EXPECT_EQ(meant("time.Z.example"), "time.z.example.");
  EXPECT_EQ(meant("z.example"), "z.example.");
  EXPECT_EQ(meant("."), ".");
}

TEST(QuestionName, ADotOfALabelIsNone) {
  EXPECT_EQ(meant("a\\."), "a\\..z.example.");
}

TEST(QuestionName, WhatIsNoNameIsASentence) {
  EXPECT_NE(meant("a..b").find("empty"), std::string::npos) << meant("a..b");
  EXPECT_NE(meant(std::string(64, 'a')).find("63"), std::string::npos);
  std::string longest = "a";
  while (longest.size() < 245) longest += ".a";
  EXPECT_NE(meant(longest).find("fits below z.example."), std::string::npos) << meant(longest);
}

}  // namespace
}  // namespace cache
