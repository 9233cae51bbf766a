// Work handed to a loop from another thread.
#pragma once

#include <functional>
#include <memory>

namespace net {

class Loop;

class Mailbox {
 public:
  /// Loop thread. Tasks run on `loop`, in the order they were posted.
  explicit Mailbox(Loop& loop);
  /// Loop thread. Tasks that were not run are dropped. REQUIRES: nobody posts any more.
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  /// Any thread. Never blocks for longer than another post takes.
  void post(std::function<void()> task);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
