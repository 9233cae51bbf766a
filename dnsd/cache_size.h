// How large the answer cache may be. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "conf/config.h"

namespace signpost {

// What `auto` takes of the memory limit: the catalog, sockets and the program
// itself need the rest.
constexpr std::uint64_t kAutoShare = 8;
constexpr std::uint64_t kAutoLeast = 4U << 20U;
constexpr std::uint64_t kAutoMost = 256U << 20U;

/// In bytes: what the configuration says, or for `auto` a share of `memory_limit`;
/// without a limit the default.
std::uint64_t cache_size(const conf::Cache& cache, std::optional<std::uint64_t> memory_limit);

}  // namespace signpost
