// When a catalog that stands by for another one is read, and which of the two is shown.
//
//   waits   the primary is well, or has been away for less than 5 s: the standby is not read
//   reads   the primary is away: the standby is read, and the primary's last word shown
//   shown   the standby has loaded: it is shown in the primary's place
//
// The primary's first good word ends it: its part is there again in the same moment as the
// standby's is gone from the table. The standby is stopped a moment later: that word may come in
// the middle of a reply, which is no time to give up a request.
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
    std::function<void()> hide;    // the primary's part instead of its own
    std::function<void()> let_go;  // stop it
  };

  Standby(net::Timers& timers, Actions actions) : timers_(timers), actions_(std::move(actions)) {}
  ~Standby();
  Standby(const Standby&) = delete;
  Standby& operator=(const Standby&) = delete;

  /// The primary could not be read; or, at the start, was not heard yet.
  void primary_away();
  /// A good word of the primary, which has loaded.
  void primary_well();
  /// The primary is reached, but has nothing to show yet: no reason to begin with the standby,
  /// nor to end with one that has begun.
  void primary_reached();
  /// The standby has loaded.
  void loaded();

  bool is_shown() const { return state_ == State::shown; }
  /// It was shown before a reload or a restart, and is until the primary is back.
  void resume();
  /// The same, before anything may be read.
  void resume_shown();

 private:
  enum class State : std::uint8_t { waits, reads, shown };

  net::Timers& timers_;
  Actions actions_;
  State state_ = State::waits;
  net::TimerId taking_over_ = 0;  // since the primary is away; 0: it is well, or was replaced
  net::TimerId letting_go_ = 0;
};

}  // namespace signpost
