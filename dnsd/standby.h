// When a catalog that stands by for another one is read, and which of the two is shown.
//
//   waits   the primary is well, or has been away for less than 5 s: the standby is not read
//   reads   the primary is away: the standby is read, and the primary's last word shown
//   shown   the standby has loaded: it is shown in the primary's place
//
// The primary's first good word ends it: the standby is stopped, and its part gone from
// the table in the same moment as the primary's is there again.
//
// Control thread only.
#pragma once

#include <functional>

#include "dnsd/net/timers.h"

namespace signpost {

// How long a primary may be away, or take for its first word after a start.
constexpr dns::Milliseconds kStandbyAfter{5'000};

class Standby {
 public:
  struct Actions {
    std::function<void()> read;    // start the standby's source
    std::function<void()> show;    // its part instead of the primary's
    std::function<void()> let_go;  // stop it; the primary's part is the one that is shown
  };

  Standby(net::Timers& timers, Actions actions) : timers_(timers), actions_(std::move(actions)) {}
  ~Standby() { timers_.cancel(taking_over_); }
  Standby(const Standby&) = delete;
  Standby& operator=(const Standby&) = delete;

  /// The primary could not be read; or, at the start, was not heard yet.
  void primary_away();
  /// A good word of the primary.
  void primary_well();
  /// The standby has loaded.
  void loaded();

  bool is_shown() const { return state_ == State::shown; }
  /// It was shown before a reload, and is until the primary is back.
  void resume();

 private:
  enum class State : std::uint8_t { waits, reads, shown };

  net::Timers& timers_;
  Actions actions_;
  State state_ = State::waits;
  net::TimerId taking_over_ = 0;  // since the primary is away; 0: it is well, or was replaced
};

}  // namespace signpost
