// How one server does: its round-trip time and its failures.
//
// Time-outs follow RFC 6298 (Jacobson): smoothed time plus four times its
// deviation. A server that fails several times in a row is passed over for a
// pause that doubles; when it is over, one query finds out whether it is back.
//
// Pure.
#pragma once

#include "dnsd/dns/time.h"

namespace upstream {

// Bounds of one try. At least: a busy server may skip a beat. At most: there must
// be time for the next within the client's 4.5 s.
constexpr dns::Milliseconds kTryLeast{50};
constexpr dns::Milliseconds kTryMost{1500};
// Before anything is measured.
constexpr dns::Milliseconds kFirstTry{400};
constexpr unsigned kFailuresToPassOver = 3;
constexpr dns::Milliseconds kPauseLeast{1000};
constexpr dns::Milliseconds kPauseMost{60'000};

class ServerHealth {
 public:
  using Duration = dns::Clock::duration;

  /// What a change means for the log.
  enum class News : unsigned char { none, passed_over, back };

  News answered(Duration took, dns::Time now);
  /// What was asked before the last failure was known tells nothing new: when the
  /// machine or the network stalls, all that is in flight fails at once.
  News failed(dns::Time asked, dns::Time now);

  /// How long to wait for it before the next server is asked as well.
  dns::Milliseconds try_for() const;

  /// Whether others should be asked before it.
  bool passed_over(dns::Time now) const { return passed_over_ && now < paused_until_; }
  /// Whether it was passed over last time and has not answered since; a pause that
  /// is over says nothing of it yet.
  bool is_down() const { return passed_over_; }
  /// The caller is about to ask it: when its pause is over, that is the one query
  /// that finds out, and others go on passing it over meanwhile.
  void asking(dns::Time now);

  /// What to compare for the fastest: the smoothed time, 0 when not measured. It
  /// halves for every half minute without a measurement, so that a server that
  /// was slow once is tried again.
  Duration rank(dns::Time now) const;

  unsigned failures_in_row() const { return failures_; }
  bool measured() const { return measured_; }
  Duration smoothed() const { return smoothed_; }

 private:
  bool measured_ = false;
  Duration smoothed_{};
  Duration deviation_{};
  dns::Time last_answer_{};
  dns::Time last_failure_{};
  unsigned failures_ = 0;
  bool passed_over_ = false;
  bool probing_ = false;  // one query is finding out
  dns::Time paused_until_{};
  dns::Milliseconds pause_ = kPauseLeast;
};

}  // namespace upstream
