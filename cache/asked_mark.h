// When clients here asked for a service last, so that it is probed while they do
// (health.probe.on_demand). Workers set it, the control thread reads it.
#pragma once

#include <atomic>
#include <chrono>

#include "dnsd/dns/time.h"

namespace cache {

class AskedMark {
 public:
  /// Any thread. Writes at most once a second, so that workers do not fight for the line.
  void set(dns::Time now) {
    const auto second = std::chrono::floor<dns::Seconds>(now).time_since_epoch().count();
    if (second_.load(std::memory_order_relaxed) == second) return;
    second_.store(second, std::memory_order_relaxed);
  }

  /// Whether a client asked within the time before `now`.
  bool is_within(dns::Seconds lately, dns::Time now) const {
    const auto second = second_.load(std::memory_order_relaxed);
    return second != kNever && now - dns::Time(dns::Seconds(second)) <= lately;
  }

 private:
  static constexpr dns::Seconds::rep kNever = -1;
  std::atomic<dns::Seconds::rep> second_{kNever};
};

}  // namespace cache
