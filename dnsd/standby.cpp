#include "dnsd/standby.h"

#include <utility>

namespace signpost {

void Standby::primary_away() {
  if (state_ != State::waits || taking_over_ != 0) return;
  taking_over_ = timers_.after(kStandbyAfter, [this] {
    taking_over_ = 0;
    state_ = State::reads;
    actions_.read();
  });
}

void Standby::primary_well() {
  timers_.cancel(std::exchange(taking_over_, 0));
  if (std::exchange(state_, State::waits) != State::waits) actions_.let_go();
}

void Standby::loaded() {
  if (std::exchange(state_, State::shown) == State::reads) actions_.show();
}

void Standby::resume() {
  state_ = State::shown;
  actions_.show();
  actions_.read();
}

}  // namespace signpost
