// The signals a daemon heeds, as calls on the loop.
//
// Main thread, one at a time: signals belong to the process.
#pragma once

#include <functional>
#include <memory>

namespace net {

class Loop;

class Signals {
 public:
  struct Handlers {
    std::function<void()> reload;  // SIGHUP
    std::function<void()> stop;    // SIGTERM, SIGINT; again for each that comes
    std::function<void()> dump;    // SIGUSR1
  };

  /// From now on these signals end nothing but call `handlers`, and SIGPIPE is
  /// ignored for good: a connection's end is an error at its write. A handler
  /// may destroy this.
  Signals(Loop& loop, Handlers handlers);
  /// The signals do again what they did before, SIGPIPE excepted.
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
