// How many queries may be hedged: a few in a hundred, so that a slow spell of all
// servers does not double what they are asked.
//
// Pure.
#pragma once

#include <algorithm>

namespace upstream {

class HedgeBudget {
 public:
  /// One more query was asked.
  void earn() { saved_ = std::min(saved_ + kShare, kSavedMost); }
  /// Whether one may be hedged now, which it then is.
  bool spend() {
    if (saved_ < kPrice) return false;
    saved_ -= kPrice;
    return true;
  }

 private:
  // In hundredths of a hedged query: at most five queries in a hundred are, the
  // share that is later than the 95th percentile; ten at once.
  static constexpr unsigned kShare = 5;
  static constexpr unsigned kPrice = 100;
  static constexpr unsigned kSavedMost = 1000;

  unsigned saved_ = 0;
};

}  // namespace upstream
