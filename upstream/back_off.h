// How long to leave alone what has just failed.
//
// Pure.
#pragma once

#include <algorithm>

#include "dnsd/dns/random.h"
#include "dnsd/dns/time.h"

namespace upstream {

constexpr dns::Milliseconds kFirstBackOff{1'000};
constexpr dns::Milliseconds kLongestBackOff{30'000};

/// 1 s after the first failure in a row, doubling to 30 s, and up to a fifth more
/// by chance, so that many daemons do not come back at one moment. REQUIRES: `failures` > 0.
inline dns::Milliseconds back_off(unsigned failures, dns::Random& random) {
  const unsigned doublings = std::min(failures - 1, 5U);
  const auto delay = std::min(kFirstBackOff * (1U << doublings), kLongestBackOff);
  return delay + dns::Milliseconds(random.below(static_cast<std::uint64_t>(delay.count()) / 5 + 1));
}

}  // namespace upstream
