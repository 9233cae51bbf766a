#include "upstream/hedge_budget.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

TEST(HedgeBudget, LetsFiveInAHundredBeHedged) {
  HedgeBudget budget;
  int hedged = 0;
  for (int i = 0; i < 2000; ++i) {
    budget.earn();
    hedged += budget.spend() ? 1 : 0;
  }
  EXPECT_EQ(hedged, 100);
}

TEST(HedgeBudget, SavesForTenAtOnce) {
  HedgeBudget budget;
  EXPECT_FALSE(budget.spend());
  for (int i = 0; i < 100'000; ++i) budget.earn();
  int hedged = 0;
  while (budget.spend()) ++hedged;
  EXPECT_EQ(hedged, 10);
}

}  // namespace
}  // namespace upstream
