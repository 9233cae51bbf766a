// The random source that pure code takes as an argument, so a test can seed it.
//
// Not for secrets: query IDs, ports and cookies come from the kernel
// (dnsd/net/kernel_random.h).
#pragma once

#include <cstdint>

namespace dns {

/// xorshift64*: small, quick, and even enough for choosing an order. Not
/// thread-safe: each worker has its own.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed | 1) {}

  std::uint64_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545f4914f6cdd1dU;
  }

  /// An even draw from 0 to `bound` - 1. REQUIRES: `bound` > 0.
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<Product>(next()) * bound) >> 64);
  }

 private:
  __extension__ using Product = unsigned __int128;
  std::uint64_t state_;
};

}  // namespace dns
