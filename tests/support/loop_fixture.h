// A loop for a test, which must end empty: what was opened on it is closed by
// its owner, or the test fails and says which kind of handle was left.
#pragma once

#include <gtest/gtest.h>
#include <uv.h>

#include <functional>

#include "dnsd/net/loop.h"

namespace support {

class LoopTest : public ::testing::Test {
 protected:
  net::Loop loop;

  LoopTest() {
    loop.at_end_of_wakeup([this] {
      if (done_ && done_()) loop.stop();
    });
  }

  /// Runs the loop until `done` says so, and whether it did within `limit`.
  bool run_until(std::function<bool()> done, dns::Milliseconds limit = dns::Milliseconds(10'000)) {
    uv_update_time(loop.raw());
    const net::TimerId over = loop.after(limit, [this] { loop.stop(); });
    done_ = std::move(done);
    loop.run();
    loop.cancel(over);
    return std::exchange(done_, nullptr)();
  }

  /// Runs the loop for this long, for what must not happen meanwhile.
  void run_for(dns::Milliseconds time) {
    run_until([] { return false; }, time);
  }

  /// After the members of the test's own fixture, which may hold handles, are gone.
  ~LoopTest() override {
    uv_run(loop.raw(), UV_RUN_NOWAIT);
    uv_walk(loop.raw(), report_and_close_survivor, nullptr);
  }

 private:
  /// The loop's own handles are without reference, and go with it.
  static void report_and_close_survivor(uv_handle_t* handle, void*) {
    if (uv_is_closing(handle) != 0 || uv_has_ref(handle) == 0) return;
    ADD_FAILURE() << "a " << uv_handle_type_name(uv_handle_get_type(handle))
                  << " handle outlived its owner";
    uv_close(handle, nullptr);
  }

  std::function<bool()> done_;
};

}  // namespace support
