#include "dnsd/standby.h"

#include <utility>

namespace signpost {

Standby::~Standby() {
  timers_.cancel(taking_over_);
  timers_.cancel(letting_go_);
}

void Standby::primary_away() {
  if (state_ != State::waits || taking_over_ != 0) return;
  taking_over_ = timers_.after(kStandbyAfter, [this] {
    taking_over_ = 0;
    state_ = State::reads;
    actions_.read();
  });
}

void Standby::primary_well() {
  primary_reached();
  if (std::exchange(state_, State::waits) == State::waits) return;
  actions_.hide();
  letting_go_ = timers_.after(dns::Milliseconds(0), [this] {
    letting_go_ = 0;
    actions_.let_go();
  });
}

void Standby::primary_reached() {
  timers_.cancel(std::exchange(taking_over_, 0));
}

void Standby::loaded() {
  if (state_ != State::reads) return;
  state_ = State::shown;
  actions_.show();
}

void Standby::resume() {
  timers_.cancel(std::exchange(taking_over_, 0));
  resume_shown();
  actions_.read();
}

void Standby::resume_shown() {
  state_ = State::shown;
  actions_.show();
}

}  // namespace signpost
