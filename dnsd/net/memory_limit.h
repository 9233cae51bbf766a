// How much memory this process may use, by the control groups it is in: a
// container's limit, a service's MemoryMax. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace net {

/// The tightest limit, in bytes, of its own group and of all above it, of version
/// 2 (memory.max) and version 1 (memory.limit_in_bytes). Nothing: there is none,
/// or nothing is said of one. `root` is put before /proc and /sys, for tests.
std::optional<std::uint64_t> memory_limit(const std::string& root = "");

}  // namespace net
