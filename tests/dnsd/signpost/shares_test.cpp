#include "dnsd/signpost/shares.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace signpost::tool {
namespace {

/// `weight priority` each, at ports from 1.
std::vector<Share> shares(const std::vector<std::pair<int, int>>& records) {
  std::vector<std::string> texts;
  for (const auto& [weight, priority] : records) {
    texts.push_back("t.z. 5 IN SRV " + std::to_string(priority) + " " + std::to_string(weight) +
                    " " + std::to_string(texts.size() + 1) + " a.z.");
  }
  return shares_of(support::message("t.z. SRV", {.answer = texts}));
}

TEST(Shares, AreByWeight) {
  const auto all = shares({{300, 1}, {100, 1}});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].target, "a.z.");
  EXPECT_EQ(all[0].port, 1);
  EXPECT_EQ(all[0].weight, 300);
  EXPECT_DOUBLE_EQ(all[0].percent, 75);
  EXPECT_DOUBLE_EQ(all[1].percent, 25);
}

TEST(Shares, OnlyTheBestPriorityHasTraffic) {
  const auto all = shares({{100, 2}, {1, 1}});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].priority, 1) << "the best stands first";
  EXPECT_DOUBLE_EQ(all[0].percent, 100);
  EXPECT_FALSE(all[0].stands_by);
  EXPECT_DOUBLE_EQ(all[1].percent, 0);
  EXPECT_TRUE(all[1].stands_by);
}

TEST(Shares, WeightZeroBesideOthersIsNothingAndAloneAnEqualShare) {
  EXPECT_DOUBLE_EQ(shares({{0, 1}, {5, 1}})[0].percent, 0);
  EXPECT_DOUBLE_EQ(shares({{0, 1}, {0, 1}, {0, 1}, {0, 1}})[3].percent, 25);
}

TEST(Shares, OtherRecordsHaveNone) {
  EXPECT_TRUE(shares_of(support::message("t.z. A", {.answer = {"t.z. 5 IN A 10.0.0.1"}})).empty());
  EXPECT_TRUE(shares_of({}).empty());
}

TEST(PercentText, IsShort) {
  EXPECT_EQ(percent_text(75), "75 %");
  EXPECT_EQ(percent_text(100.0 / 3), "33.3 %");
  EXPECT_EQ(percent_text(0), "0 %");
  EXPECT_EQ(percent_text(0.01), "< 0.1 %");
}

}  // namespace
}  // namespace signpost::tool
