// Time that passes when a test says so.
#pragma once

#include <functional>
#include <utility>

#include "dnsd/net/timer_queue.h"
#include "dnsd/net/timers.h"

namespace support {

class FakeClock final : public net::Timers {
 public:
  dns::Time now() const override { return now_; }
  net::TimerId after(dns::Milliseconds delay, std::function<void()> fire) override {
    return queue_.add(now_ + delay, std::move(fire));
  }
  void cancel(net::TimerId id) override { queue_.cancel(id); }

  /// Lets time pass, and runs what comes due on the way, each at its own moment.
  void advance(dns::Clock::duration time) {
    const dns::Time until = now_ + time;
    while (auto fire = queue_.take_due(until_next(until))) (*fire)();
    now_ = until;
  }

  /// Runs what is due now, and what that makes due now.
  void settle() { advance(dns::Milliseconds(0)); }

  /// When the next timer is due; nothing when none waits.
  std::optional<dns::Time> next() const { return queue_.next(); }

 private:
  dns::Time until_next(dns::Time until) {
    const auto next = queue_.next();
    if (next && *next <= until && *next > now_) now_ = *next;
    return next && *next <= until ? now_ : until;
  }

  net::TimerQueue queue_;
  dns::Time now_{dns::Seconds(100'000)};
};

}  // namespace support
