// Which timers are due: a pure queue, without clock or loop. Both the loop's
// timers and the tests' fake clock run on it.
//
// Not thread-safe.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>

#include "dnsd/net/timers.h"

namespace net {

class TimerQueue {
 public:
  TimerId add(dns::Time when, std::function<void()> fire);
  void cancel(TimerId id);
  /// When the next one is due; nothing when there is none.
  std::optional<dns::Time> next() const;
  /// Takes out the earliest that is due at `now`; nothing when none is. Timers
  /// of one moment come in the order they were added.
  std::optional<std::function<void()>> take_due(dns::Time now);

 private:
  using Key = std::pair<dns::Time, TimerId>;
  std::map<Key, std::function<void()>> due_;
  std::unordered_map<TimerId, dns::Time> when_;
  TimerId last_ = 0;
};

}  // namespace net
