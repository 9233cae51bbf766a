// One libuv loop and its timers, for one thread.
//
// Parts above know it as `Timers` and by the classes of this folder; nobody
// else sees a uv type.
#pragma once

#include <functional>
#include <memory>

#include "dnsd/net/timers.h"

struct uv_loop_s;

namespace net {

class Loop final : public Timers {
 public:
  Loop();
  /// REQUIRES: all that was opened on the loop is destroyed. Waits for libuv to
  /// close it; a handle that outlives its owner is a broken invariant.
  ~Loop() override;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs until stop(). REQUIRES: called on one thread at a time.
  void run();
  /// Ends run() after the callback that is running. Loop thread only; from
  /// another thread, post it through a `Mailbox`.
  void stop();

  dns::Time now() const override;
  dns::Time exact_now() const override { return dns::Clock::now(); }
  TimerId after(dns::Milliseconds delay, std::function<void()> fire) override;
  void cancel(TimerId id) override;

  /// Runs `task` at the end of each wake-up, before the loop sleeps again: where
  /// replies gathered in it are sent in one go. It must outlive the loop's run.
  void at_end_of_wakeup(std::function<void()> task);

  /// For this folder alone.
  uv_loop_s* raw();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
