// How often one kind of line may be logged, so that a network that comes and
// goes does not fill the disk.
//
// Pure.
#pragma once

#include <utility>

#include "dnsd/dns/time.h"

namespace upstream {

class LogPace {
 public:
  /// `most` lines in each span of `span`.
  LogPace(unsigned most, dns::Seconds span) : most_(most), span_(span) {}

  /// Whether one more line may be logged at `now`. One that may not is counted.
  bool allows(dns::Time now) {
    if (now >= began_ + span_) {
      began_ = now;
      logged_ = 0;
    }
    if (logged_ < most_) return ++logged_ != 0;
    ++left_out_;
    return false;
  }
  /// How many were left out since this was last asked.
  unsigned take_left_out() { return std::exchange(left_out_, 0); }

 private:
  unsigned most_;
  dns::Seconds span_;
  dns::Time began_{};
  unsigned logged_ = 0;
  unsigned left_out_ = 0;
};

}  // namespace upstream
