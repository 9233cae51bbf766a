#include "upstream/try_line.h"

#include <gtest/gtest.h>

#include <vector>

namespace upstream {
namespace {

std::vector<int> all_of(TryLine line) {
  std::vector<int> out;
  while (const auto server = line.next()) out.push_back(*server);
  return out;
}

TryLine line_of(std::vector<std::uint8_t> order) {
  return TryLine(order);
}

TEST(TryLine, GoesRoundThreeTimes) {
  EXPECT_EQ(all_of(line_of({2, 0, 1})), (std::vector<int>{2, 0, 1, 2, 0, 1, 2, 0, 1}));
  EXPECT_EQ(all_of(line_of({0})), (std::vector<int>{0, 0, 0}));
  EXPECT_EQ(all_of(line_of({})), std::vector<int>{});
}

TEST(TryLine, WhoIsRuledOutIsNotAskedAgain) {
  TryLine line = line_of({0, 1, 2});
  line.next();
  line.next();
  line.rule_out(0);
  EXPECT_EQ(all_of(line), (std::vector<int>{2, 1, 2, 1, 2}));
  line.rule_out(0);
  line.rule_out(1);
  EXPECT_FALSE(line.empty());
  line.rule_out(2);
  EXPECT_TRUE(line.empty());
  EXPECT_FALSE(line.next());
}

TEST(TryLine, WhatIsAskedBesideCountsToo) {
  TryLine line = line_of({0, 1});
  line.asked_beside(1);
  EXPECT_EQ(all_of(line), (std::vector<int>{0, 1, 0, 1, 0}));
}

TEST(TryLine, TellsWhoWouldBeNextInThisRound) {
  TryLine line = line_of({1, 0});
  EXPECT_EQ(line.next_in_round(), 1);
  line.next();
  EXPECT_EQ(line.next_in_round(), 0);
  line.next();
  EXPECT_EQ(line.next_in_round(), std::nullopt);
  EXPECT_EQ(line.round(), 0U);
  line.next();
  EXPECT_EQ(line.round(), 1U);
}

}  // namespace
}  // namespace upstream
