// When keys that run out are to be fetched anew. Pure; any thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "dnsd/dns/random.h"

namespace upstream {

// AWS's own client begins 15 minutes before the end, and calls it urgent at 10: we
// begin somewhere between, so that many daemons do not ask at one moment.
constexpr std::chrono::seconds kFetchAhead{900};
constexpr std::uint64_t kFetchJitter = 300;
// Places hand out the same keys until their end is near: ask now and then.
constexpr std::chrono::seconds kLeastPause{10};
// Some hand out keys "for ever", and mean until they change them.
constexpr std::chrono::seconds kMostPause{86'400};

/// How long to wait before fetching, of keys that are good for `left`. Short-lived
/// ones have half of their life: an STS session may be of 15 minutes.
inline std::chrono::seconds fetch_again_in(std::chrono::seconds left, dns::Random& random) {
  const std::chrono::seconds ahead =
      kFetchAhead - std::chrono::seconds(random.below(kFetchJitter + 1));
  const auto pause = std::max(left - ahead, std::min(left / 2, kFetchAhead / 2));
  return std::clamp(pause, kLeastPause, kMostPause);
}

}  // namespace upstream
