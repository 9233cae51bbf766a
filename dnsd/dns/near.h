// Memory that will be read soon is asked for ahead of time, so that many reads wait side by side
// and not one after the other.
//
// Changes nothing but how long a later read takes. Any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace dns {

constexpr std::size_t kCacheLine = 64;
/// What lies beyond is left to the processor, which sees a long walk for itself.
constexpr std::size_t kNearMost = 8 * kCacheLine;

/// Some of it may lie behind what is there: nothing is read.
inline void bring_near(const void* at, std::size_t size) {
  const auto first = reinterpret_cast<std::uintptr_t>(at);
  for (std::size_t i = 0; i < std::min(size, kNearMost); i += kCacheLine)
    // NOLINTNEXTLINE(performance-no-int-to-ptr): what lies there is not looked at
    __builtin_prefetch(reinterpret_cast<const void*>(first + i));
}

/// The bytes from `begin` up to `end`.
inline void bring_near(const void* begin, const void* end) {
  const auto size = static_cast<const char*>(end) - static_cast<const char*>(begin);
  bring_near(begin, static_cast<std::size_t>(size));
}

}  // namespace dns
