#include "dnsd/net/loop.h"

#include <cstdlib>
#include <vector>

#include "dnsd/net/handle.h"
#include "dnsd/net/timer_queue.h"

namespace net {
namespace {

dns::Time time_of(const uv_loop_t* loop) {
  return dns::Time(dns::Milliseconds(uv_now(loop)));
}

}  // namespace

struct Loop::Parts {
  uv_loop_t loop{};
  TimerQueue queue;
  std::vector<std::function<void()>> tasks;
  Handle<uv_timer_t> timer{new uv_timer_t};
  Handle<uv_prepare_t> end_of_wakeup{new uv_prepare_t};

  Parts() {
    if (uv_loop_init(&loop) != 0) std::abort();
    uv_timer_init(&loop, timer.get());
    uv_prepare_init(&loop, end_of_wakeup.get());
    timer->data = end_of_wakeup->data = this;
    uv_unref(reinterpret_cast<uv_handle_t*>(timer.get()));
    uv_unref(reinterpret_cast<uv_handle_t*>(end_of_wakeup.get()));
  }

  /// Wakes the loop for the earliest timer.
  void arm() {
    const auto next = queue.next();
    if (!next) {
      uv_timer_stop(timer.get());
      return;
    }
    const auto wait = std::chrono::ceil<dns::Milliseconds>(*next - time_of(&loop)).count();
    uv_timer_start(
        timer.get(), [](uv_timer_t* fired) { static_cast<Parts*>(fired->data)->fire_due(); },
        wait > 0 ? static_cast<std::uint64_t>(wait) : 0, 0);
  }

  void fire_due() {
    const dns::Time now = time_of(&loop);
    while (auto fire = queue.take_due(now)) (*fire)();
    arm();
  }
};

Loop::Loop() : parts_(std::make_unique<Parts>()) {}

Loop::~Loop() {
  parts_->timer.reset();
  parts_->end_of_wakeup.reset();
  uv_run(&parts_->loop, UV_RUN_DEFAULT);
  if (uv_loop_close(&parts_->loop) != 0) std::abort();
}

void Loop::run() {
  // A loop with nothing but timers still waits for them.
  uv_ref(reinterpret_cast<uv_handle_t*>(parts_->end_of_wakeup.get()));
  uv_prepare_start(parts_->end_of_wakeup.get(), [](uv_prepare_t* handle) {
    for (const auto& task : static_cast<Parts*>(handle->data)->tasks) task();
  });
  uv_run(&parts_->loop, UV_RUN_DEFAULT);
  uv_prepare_stop(parts_->end_of_wakeup.get());
  uv_unref(reinterpret_cast<uv_handle_t*>(parts_->end_of_wakeup.get()));
}

void Loop::stop() {
  uv_stop(&parts_->loop);
}

dns::Time Loop::now() const {
  return time_of(&parts_->loop);
}

TimerId Loop::after(dns::Milliseconds delay, std::function<void()> fire) {
  const dns::Time when = now() + delay;
  const auto earliest = parts_->queue.next();
  const TimerId id = parts_->queue.add(when, std::move(fire));
  if (!earliest || when < *earliest) parts_->arm();
  return id;
}

void Loop::cancel(TimerId id) {
  parts_->queue.cancel(id);
}

void Loop::at_end_of_wakeup(std::function<void()> task) {
  parts_->tasks.push_back(std::move(task));
}

uv_loop_s* Loop::raw() {
  return &parts_->loop;
}

}  // namespace net
