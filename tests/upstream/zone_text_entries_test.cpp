#include "upstream/zone_text_entries.h"

#include <gtest/gtest.h>

#include <vector>

namespace {

using Lines = std::vector<std::string>;

/// `LINE:text` of each entry, and `LINE!sentence` when it ends with an error.
Lines entries(std::string_view text) {
  upstream::ZoneTextEntries all(text);
  upstream::ZoneEntry entry;
  Lines out;
  for (;;) {
    auto more = all.next(entry);
    if (!more.ok()) {
      out.push_back(std::to_string(entry.line) + "!" + more.error().message);
      return out;
    }
    if (!more.value()) return out;
    out.push_back(std::to_string(entry.line) + ":" + entry.text);
  }
}

TEST(ZoneTextEntries, EachLineIsAnEntryWithoutItsComment) {
  EXPECT_EQ(entries("; c\n\na A 1\n b ; c\r\n\t\nc"), (Lines{"3:a A 1", "4: b ", "6:c"}));
}

TEST(ZoneTextEntries, ParenthesesJoinLines) {
  EXPECT_EQ(entries("\na ( 1 ; one\n 2\n)\nb"), (Lines{"2:a   1   2  ", "5:b"}));
  EXPECT_EQ(entries("a(b)(\n)c"), Lines{"1:a b    c"});
  EXPECT_EQ(entries("(a\n)"), Lines{"1:a  "});
}

TEST(ZoneTextEntries, QuotesAndEscapesHideWhatTheyHold) {
  EXPECT_EQ(entries(R"(a "x;(y" \; \( \" b)"), Lines{R"(1:a "x;(y" \; \( \" b)"});
  EXPECT_EQ(entries(R"(a "x\";y" ; c)"), Lines{R"(1:a "x\";y" )"});
}

TEST(ZoneTextEntries, WhatIsNotClosedIsAnError) {
  EXPECT_EQ(entries("a\nb \"x\ny\""),
            (Lines{"1:a", "2!expected a closing quote before the end of the line"}));
  EXPECT_EQ(entries("\"x"), Lines{"1!expected a closing quote, found the end of the file"});
  EXPECT_EQ(entries("\na (\n\n"),
            Lines{"2!expected ')' to close the record's '(', found the end of the file"});
  EXPECT_EQ(entries("a\n b )"), (Lines{"1:a", "2!expected '(' before ')', found none"}));
}

TEST(ZoneTextEntries, ZeroBytesAndEndlessRecordsAreErrors) {
  EXPECT_EQ(entries(std::string_view("a\n\0b", 4)),
            (Lines{"1:a", "2!expected text, found a byte that is zero"}));
  EXPECT_EQ(entries(std::string(1'000'000, 'a')),
            Lines{"1!expected a record, found a longer text than any has"});
}

}  // namespace
