#include "cache/scaled_weights.h"

#include <gtest/gtest.h>

namespace cache {
namespace {

using Weights = std::vector<std::uint16_t>;

Weights scaled(const std::vector<double>& weights, std::uint16_t floor = 0) {
  return scaled_weights(weights, floor);
}

TEST(ScaledWeights, LeavesWholeNumbersThatFit) {
  EXPECT_EQ(scaled({1, 100, 65535}), (Weights{1, 100, 65535}));
  EXPECT_EQ(scaled({}), Weights{});
}

TEST(ScaledWeights, BringsTheGreatestTo65535AndKeepsRatios) {
  EXPECT_EQ(scaled({131070, 65535, 2}), (Weights{65535, 32768, 1}));
  EXPECT_EQ(scaled({4294967295.0, 4294967295.0}), (Weights{65535, 65535}));
  const Weights fractions = scaled({0.25, 0.5, 1});
  EXPECT_EQ(fractions[2], 65535);
  EXPECT_NEAR(fractions[0] / 65535.0, 0.25, 0.0001);
  EXPECT_NEAR(fractions[1] / 65535.0, 0.5, 0.0001);
}

TEST(ScaledWeights, KeepsWhatIsAbove0Above0) {
  EXPECT_EQ(scaled({4e9, 1}), (Weights{65535, 1}));
  EXPECT_EQ(scaled({1, 1e-9}), (Weights{65535, 1}));
}

TEST(ScaledWeights, Keeps0) {
  EXPECT_EQ(scaled({0, 100}), (Weights{0, 100}));
  EXPECT_EQ(scaled({0, 0}), (Weights{0, 0}));
  EXPECT_EQ(scaled({0, 131070}), (Weights{0, 65535}));
}

TEST(ScaledWeights, LiftsWeightsToTheFloor) {
  EXPECT_EQ(scaled({0, 100}, 1), (Weights{1, 100}));
  EXPECT_EQ(scaled({0, 0}, 1), (Weights{1, 1}));
  EXPECT_EQ(scaled({0, 4e9}, 1), (Weights{1, 65535}));
}

}  // namespace
}  // namespace cache
