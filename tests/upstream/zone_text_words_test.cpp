#include "upstream/zone_text_words.h"

#include <gtest/gtest.h>

namespace {

using upstream::seconds_from;
using upstream::with_ttl_and_class;

TEST(ZoneTextWords, TimesMayHaveUnits) {
  EXPECT_EQ(seconds_from("0"), 0u);
  EXPECT_EQ(seconds_from("300"), 300u);
  EXPECT_EQ(seconds_from("1h30m"), 5400u);
  EXPECT_EQ(seconds_from("1W2D3S"), 777'603u);
  EXPECT_EQ(seconds_from("2147483647"), 2147483647u);
}

TEST(ZoneTextWords, WhatIsNoTimeIsNothing) {
  for (const char* text :
       {"", "h", "1x", "-1", "1.5", "2147483648", "4294967295w", "99999999999", "5h "}) {
    EXPECT_EQ(seconds_from(text), std::nullopt) << text;
  }
}

TEST(ZoneTextWords, TtlAndClassStandInOneOrder) {
  EXPECT_EQ(with_ttl_and_class("a A 1", 5).value(), "a 5 IN A 1");
  EXPECT_EQ(with_ttl_and_class("a 7 A 1", 5).value(), "a 7 IN A 1");
  EXPECT_EQ(with_ttl_and_class("a in 1m A 1", 5).value(), "a 60 IN A 1");
  EXPECT_EQ(with_ttl_and_class("a 1m IN A 1", 5).value(), "a 60 IN A 1");
  EXPECT_EQ(with_ttl_and_class("\tIN A 1", 5).value(), " 5 IN A 1");
  EXPECT_EQ(with_ttl_and_class("a\\ b 7 A 1", 5).value(), "a\\ b 7 IN A 1");
  EXPECT_EQ(with_ttl_and_class("in A 1", 5).value(), "in 5 IN A 1");
}

TEST(ZoneTextWords, OtherClassesAndBadTimesAreErrors) {
  EXPECT_EQ(with_ttl_and_class("a CH TXT x", 5).error().message, "expected class IN, found 'CH'");
  EXPECT_EQ(with_ttl_and_class("a CLASS3 TXT x", 5).error().message,
            "expected class IN, found 'CLASS3'");
  EXPECT_EQ(with_ttl_and_class("a 5y TXT x", 5).error().message,
            "expected a time such as 300 or 1h30m, found '5y'");
}

TEST(ZoneTextWords, WordsKeepTheirEscapedBlanks) {
  EXPECT_EQ(upstream::words_of(" a\\ b\tc "), (std::vector<std::string_view>{"a\\ b", "c"}));
  EXPECT_TRUE(upstream::words_of("  ").empty());
}

}  // namespace
