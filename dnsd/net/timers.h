// Time for the parts above the loop: what is the time, and call me later.
// Tests bring a clock of their own (tests/support/fake_clock.h).
//
// Loop thread only.
#pragma once

#include <cstdint>
#include <functional>

#include "dnsd/dns/time.h"

namespace net {

using TimerId = std::uint64_t;  // 0 is no timer

class Timers {
 public:
  virtual ~Timers() = default;
  /// The time at which the loop woke up: the same for all that one wake-up does.
  virtual dns::Time now() const = 0;
  /// The time now, finer than a loop's wake-ups: for measuring round trips.
  virtual dns::Time exact_now() const { return now(); }
  /// Calls `fire` once, at least `delay` from now, never before after() returns.
  virtual TimerId after(dns::Milliseconds delay, std::function<void()> fire) = 0;
  /// Forgets it. A timer that has fired, or 0, is nothing to forget.
  virtual void cancel(TimerId id) = 0;
};

}  // namespace net
