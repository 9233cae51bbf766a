#include "dnsd/net/mailbox.h"

#include <cstdlib>
#include <mutex>
#include <vector>

#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"

namespace net {

struct Mailbox::Parts {
  std::mutex lock;
  std::vector<std::function<void()>> waiting;  // guarded by `lock`
  Handle<uv_async_t> wake{new uv_async_t};

  void run_waiting() {
    std::vector<std::function<void()>> tasks;
    {
      const std::lock_guard held(lock);
      tasks.swap(waiting);
    }
    for (const auto& task : tasks) task();
  }
};

Mailbox::Mailbox(Loop& loop) : parts_(std::make_unique<Parts>()) {
  const int problem = uv_async_init(loop.raw(), parts_->wake.get(), [](uv_async_t* async) {
    static_cast<Parts*>(async->data)->run_waiting();
  });
  if (problem != 0) std::abort();
  parts_->wake->data = parts_.get();
}

Mailbox::~Mailbox() = default;

void Mailbox::post(std::function<void()> task) {
  const std::lock_guard held(parts_->lock);
  parts_->waiting.push_back(std::move(task));
  uv_async_send(parts_->wake.get());
}

}  // namespace net
