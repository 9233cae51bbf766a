#include "cache/weighted_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/support/chi_square.h"

namespace cache {
namespace {

using support::deviation;

constexpr int kAnswers = 100'000;

/// Candidates 0, 1, … of one priority.
std::vector<Candidate> of_weights(const std::vector<std::uint16_t>& weights) {
  std::vector<Candidate> out;
  out.reserve(weights.size());
  for (const auto weight : weights)
    out.push_back(
        {.index = static_cast<std::uint32_t>(out.size()), .priority = 1, .weight = weight});
  return out;
}

/// One order, as the indexes' digits: `201`.
std::string draw(std::vector<Candidate> candidates, dns::Random& random) {
  WeightedOrder order(candidates, random);
  std::string out;
  while (const Candidate* next = order.next()) out += static_cast<char>('0' + next->index);
  return out;
}

/// How often each came first.
std::vector<int> first_picks(const std::vector<std::uint16_t>& weights, std::uint64_t seed) {
  dns::Random random(seed);
  std::vector<int> out(weights.size());
  for (int i = 0; i < kAnswers; ++i)
    ++out.at(static_cast<std::size_t>(draw(of_weights(weights), random).at(0) - '0'));
  return out;
}

/// How often each order of three came.
std::map<std::string, int> orders(const std::vector<std::uint16_t>& weights, std::uint64_t seed) {
  dns::Random random(seed);
  std::map<std::string, int> out;
  for (int i = 0; i < kAnswers; ++i) ++out[draw(of_weights(weights), random)];
  return out;
}

/// The share of the order `text` by RFC 2782: each place by what is left.
double share(const std::string& text, const std::vector<std::uint16_t>& weights) {
  double left = 0, out = 1;
  for (const auto weight : weights) left += weight;
  for (const char digit : text) {
    const double weight = weights.at(static_cast<std::size_t>(digit - '0'));
    out *= weight / left;
    left -= weight;
  }
  return out;
}

TEST(WeightedOrder, GivesNothingOfNothing) {
  dns::Random random(1);
  EXPECT_EQ(draw({}, random), "");
}

TEST(WeightedOrder, GivesEachOnce) {
  dns::Random random(2);
  for (int i = 0; i < 1000; ++i) {
    std::string order = draw(of_weights({5, 0, 100, 1, 65535, 0}), random);
    std::sort(order.begin(), order.end());
    ASSERT_EQ(order, "012345");
  }
}

TEST(WeightedOrder, PutsTheFirstByWeight) {
  EXPECT_LT(deviation(first_picks({10, 30, 60}, 3), {0.1, 0.3, 0.6}), 1);
  EXPECT_LT(deviation(first_picks({60, 30, 10}, 4), {0.6, 0.3, 0.1}), 1) << "wherever it stands";
  EXPECT_LT(deviation(first_picks({1, 1}, 5), {0.5, 0.5}), 1) << "small weights are exact too";
  EXPECT_LT(deviation(first_picks({1, 2, 3, 4}, 6), {0.1, 0.2, 0.3, 0.4}), 1);
  EXPECT_LT(deviation(first_picks({65535, 65535, 65535}, 7), {1 / 3., 1 / 3., 1 / 3.}), 1);
}

TEST(WeightedOrder, PutsTheRestByWeightToo) {
  const std::vector<std::uint16_t> weights{10, 30, 60};
  const auto seen = orders(weights, 8);
  std::vector<int> counted;
  std::vector<double> shares;
  std::string order = "012";
  do {
    counted.push_back(seen.count(order) != 0 ? seen.at(order) : 0);
    shares.push_back(share(order, weights));
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(counted.size(), 6U);
  EXPECT_LT(deviation(counted, shares), 1);
}

TEST(WeightedOrder, PutsWeight0FirstRarely) {
  EXPECT_LT(deviation(first_picks({0, 9}, 9), {0.1, 0.9}), 1) << "RFC 2782: 1 in sum + 1";
  EXPECT_LT(deviation(first_picks({9, 0}, 10), {0.9, 0.1}), 1);
  EXPECT_LT(deviation(first_picks({0, 99, 100}, 11), {1 / 200., 99 / 200., 100 / 200.}), 1);
}

TEST(WeightedOrder, TreatsSeveralOfWeight0Alike) {
  EXPECT_LT(deviation(first_picks({0, 9, 0}, 12), {0.05, 0.9, 0.05}), 1);
}

TEST(WeightedOrder, IsEvenWhenAllAreWeight0) {
  const auto seen = orders({0, 0, 0}, 13);
  std::vector<int> counted;
  counted.reserve(seen.size());
  for (const auto& [order, count] : seen) counted.push_back(count);
  ASSERT_EQ(counted.size(), 6U);
  EXPECT_LT(deviation(counted, std::vector<double>(6, 1 / 6.)), 1);
}

TEST(WeightedOrder, KeepsToPriorities) {
  dns::Random random(14);
  std::vector<Candidate> candidates{{0, 1, 1}, {1, 1, 0}, {2, 5, 65535}, {3, 5, 1}, {4, 9, 7}};
  for (int i = 0; i < 1000; ++i) {
    const std::string order = draw(candidates, random);
    ASSERT_EQ(order.substr(0, 2).find_first_not_of("01"), std::string::npos) << order;
    ASSERT_EQ(order.substr(2, 2).find_first_not_of("23"), std::string::npos) << order;
    ASSERT_EQ(order.substr(4), "4") << order;
  }
}

TEST(WeightedOrder, DrawsByWeightInsideEachPriority) {
  dns::Random random(15);
  std::vector<int> second(2);
  for (int i = 0; i < kAnswers; ++i) {
    std::vector<Candidate> candidates{{0, 1, 7}, {1, 2, 25}, {2, 2, 75}};
    ++second.at(draw(candidates, random).at(1) == '1' ? 0 : 1);
  }
  EXPECT_LT(deviation(second, {0.25, 0.75}), 1);
}

TEST(WeightedOrder, ShowsTheCandidateAsItWasGiven) {
  dns::Random random(16);
  std::vector<Candidate> candidates{{7, 3, 42}};
  WeightedOrder order(candidates, random);
  const Candidate* only = order.next();
  ASSERT_NE(only, nullptr);
  EXPECT_EQ(only->index, 7U);
  EXPECT_EQ(only->priority, 3);
  EXPECT_EQ(only->weight, 42);
  EXPECT_EQ(order.next(), nullptr);
  EXPECT_EQ(order.next(), nullptr) << "the end stays the end";
}

TEST(WeightedOrder, IsTheSameForTheSameSeed) {
  dns::Random one(17), other(17);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(draw(of_weights({1, 2, 3, 4, 5}), one), draw(of_weights({1, 2, 3, 4, 5}), other));
}

}  // namespace
}  // namespace cache
