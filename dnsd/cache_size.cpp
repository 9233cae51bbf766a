#include "dnsd/cache_size.h"

#include <algorithm>

namespace signpost {

std::uint64_t cache_size(const conf::Cache& cache, std::optional<std::uint64_t> memory_limit) {
  if (cache.size) return *cache.size;
  if (!memory_limit) return *conf::Cache().size;
  return std::clamp(*memory_limit / kAutoShare, kAutoLeast, kAutoMost);
}

}  // namespace signpost
