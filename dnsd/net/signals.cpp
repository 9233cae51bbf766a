#include "dnsd/net/signals.h"

#include <csignal>
#include <cstdlib>
#include <utility>
#include <vector>

#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"

namespace net {

struct Signals::Parts {
  Handlers handlers;
  std::vector<Handle<uv_signal_t>> watched;

  void watch(Loop& loop, int number) {
    Handle<uv_signal_t> handle(new uv_signal_t);
    if (uv_signal_init(loop.raw(), handle.get()) != 0) std::abort();
    handle->data = this;
    const auto on_signal = [](uv_signal_t* signal, int came) {
      static_cast<Parts*>(signal->data)->came(came);
    };
    if (uv_signal_start(handle.get(), on_signal, number) != 0) std::abort();
    watched.push_back(std::move(handle));
  }

  /// The handler may destroy us: it is called from a copy, last of all.
  void came(int number) {
    const auto handler = handler_of(number);
    if (handler) handler();
  }

  std::function<void()> handler_of(int number) const {
    if (number == SIGHUP) return handlers.reload;
    if (number == SIGUSR1) return handlers.dump;
    return handlers.stop;
  }
};

Signals::Signals(Loop& loop, Handlers handlers) : parts_(std::make_unique<Parts>()) {
  parts_->handlers = std::move(handlers);
  for (const int number : {SIGHUP, SIGTERM, SIGINT, SIGUSR1}) parts_->watch(loop, number);
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) std::abort();
}

Signals::~Signals() = default;

}  // namespace net
