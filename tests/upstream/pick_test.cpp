#include "upstream/pick.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace upstream {
namespace {

using namespace std::chrono_literals;
using Order = std::vector<std::uint8_t>;
using Policy = conf::Forward::Policy;

Order pick_order(const std::vector<Candidate>& candidates, Policy policy, dns::Random& random) {
  Order room(candidates.size());
  const auto order = upstream::pick_order(candidates, policy, random, room);
  return {order.begin(), order.end()};
}

TEST(PickOrder, PutsTheFastestFirstAndWhatWasNeverMeasuredBeforeIt) {
  dns::Random random(1);
  const std::vector<Candidate> candidates{{false, 9ms}, {false, 2ms}, {false, 0ms}, {false, 5ms}};
  EXPECT_EQ(pick_order(candidates, Policy::fastest, random), (Order{2, 1, 3, 0}));
}

TEST(PickOrder, KeepsTheConfiguredOrderWhenSequential) {
  dns::Random random(1);
  const std::vector<Candidate> candidates{{false, 9ms}, {false, 2ms}, {false, 5ms}};
  EXPECT_EQ(pick_order(candidates, Policy::sequential, random), (Order{0, 1, 2}));
}

TEST(PickOrder, PutsWhatIsPassedOverLastUnderEveryPolicy) {
  dns::Random random(1);
  const std::vector<Candidate> candidates{{true, 1ms}, {false, 9ms}, {true, 2ms}, {false, 8ms}};
  EXPECT_EQ(pick_order(candidates, Policy::fastest, random), (Order{3, 1, 0, 2}));
  EXPECT_EQ(pick_order(candidates, Policy::sequential, random), (Order{1, 3, 0, 2}));
  for (int i = 0; i < 50; ++i) {
    const auto order = pick_order(candidates, Policy::random, random);
    EXPECT_EQ(order[0] % 2, 1);
    EXPECT_EQ(order[1] % 2, 1);
  }
}

TEST(PickOrder, NeverLeavesAForwarderOut) {
  dns::Random random(1);
  const std::vector<Candidate> down(7, Candidate{true, 1ms});
  for (const auto policy : {Policy::fastest, Policy::sequential, Policy::random}) {
    auto order = pick_order(down, policy, random);
    std::sort(order.begin(), order.end());
    EXPECT_EQ(order, (Order{0, 1, 2, 3, 4, 5, 6}));
  }
}

TEST(PickOrder, LeavesOutWhatIsSetAside) {
  dns::Random random(1);
  const std::vector<Candidate> candidates{
      {false, 1ms, true}, {true, 2ms, false}, {true, 3ms, true}};
  for (const auto policy : {Policy::fastest, Policy::sequential, Policy::random}) {
    EXPECT_EQ(pick_order(candidates, policy, random), (Order{1}));
  }
}

TEST(PickOrder, SpreadsEvenlyWhenRandom) {
  dns::Random random(7);
  const std::vector<Candidate> candidates(3);
  std::map<Order, int> seen;
  for (int i = 0; i < 6000; ++i) ++seen[pick_order(candidates, Policy::random, random)];
  ASSERT_EQ(seen.size(), 6U);
  for (const auto& [order, count] : seen) EXPECT_NEAR(count, 1000, 150);
}

TEST(PickOrder, OfNobodyIsEmpty) {
  dns::Random random(1);
  EXPECT_TRUE(pick_order({}, Policy::fastest, random).empty());
}

}  // namespace
}  // namespace upstream
