#include "dnsd/cache_size.h"

#include <gtest/gtest.h>

namespace {

using signpost::cache_size;

constexpr std::uint64_t kMiB = 1U << 20U;

conf::Cache automatic() {
  conf::Cache cache;
  cache.size.reset();
  return cache;
}

TEST(CacheSize, IsWhatIsConfiguredWhateverTheLimit) {
  conf::Cache cache;
  cache.size = 3 * kMiB;
  EXPECT_EQ(cache_size(cache, 64 * kMiB), 3 * kMiB);
  EXPECT_EQ(cache_size(cache, {}), 3 * kMiB);
}

TEST(CacheSize, AutoIsAnEighthOfTheLimit) {
  EXPECT_EQ(cache_size(automatic(), 128 * kMiB), 16 * kMiB);
  EXPECT_EQ(cache_size(automatic(), 1024 * kMiB), 128 * kMiB);
}

TEST(CacheSize, AutoStaysWithinItsBounds) {
  EXPECT_EQ(cache_size(automatic(), 25 * kMiB), 4 * kMiB);
  EXPECT_EQ(cache_size(automatic(), 0), 4 * kMiB);
  EXPECT_EQ(cache_size(automatic(), 65'536 * kMiB), 256 * kMiB);
}

TEST(CacheSize, AutoIsTheDefaultWhereThereIsNoLimit) {
  EXPECT_EQ(cache_size(automatic(), {}), *conf::Cache().size);
}

}  // namespace
