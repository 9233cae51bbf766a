#include "dnsd/net/kernel_random.h"

#include <gtest/gtest.h>

#include <set>

namespace net {
namespace {

TEST(KernelRandom, DrawsEveryNumberOnce) {
  KernelRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.next64());
  EXPECT_EQ(seen.size(), 1000U);
}

TEST(KernelRandom, UsesAllSixteenBitsOfAnId) {
  KernelRandom random;
  std::uint16_t ones = 0;
  std::uint16_t zeros = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::uint16_t id = random.next16();
    ones = static_cast<std::uint16_t>(ones | id);
    zeros = static_cast<std::uint16_t>(zeros | ~id);
  }
  EXPECT_EQ(ones, 0xffff);
  EXPECT_EQ(zeros, 0xffff);
}

TEST(KernelRandom, TwoSourcesDiffer) {
  KernelRandom one;
  KernelRandom other;
  EXPECT_NE(one.next64(), other.next64());
}

TEST(KernelRandom, MixedSizesCrossTheEndOfABlock) {
  KernelRandom random;
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 500; ++i) {
    random.next16();
    seen.insert(random.next64());
  }
  EXPECT_EQ(seen.size(), 500U);
}

}  // namespace
}  // namespace net
