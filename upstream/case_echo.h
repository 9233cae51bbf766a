// Whether a server gives the question back in the case it was sent in. Some write
// it anew in lower case; they are found out, and asked in lower case for a while.
//
// Pure.
#pragma once

#include "dnsd/dns/time.h"

namespace upstream {

/// So many replies in a row that are right but for their case say that the server
/// does not echo it: a forger would have to guess as many IDs and ports.
constexpr unsigned kNotEchoedMost = 3;
/// After this long it is asked in mixed case again: it may have been renewed.
constexpr dns::Seconds kCaseProbeAfter{900};

class CaseEcho {
 public:
  /// Whether to mix the case of what is sent now.
  bool mixes(dns::Time now) const { return now >= lower_until_; }
  /// A right answer came in the case it was asked for.
  void echoed() { missed_ = 0; }
  /// A reply was right but for its case; true: the server does not echo it, and
  /// what it says is to be taken. After a while one more such reply is enough.
  bool missed(dns::Time now) {
    if (mixes(now) && ++missed_ < kNotEchoedMost) return false;
    if (mixes(now)) lower_until_ = now + kCaseProbeAfter;
    missed_ = kNotEchoedMost - 1;
    return true;
  }

 private:
  unsigned missed_ = 0;  // in a row
  dns::Time lower_until_{};
};

}  // namespace upstream
