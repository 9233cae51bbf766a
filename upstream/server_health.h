// How one server does: its round-trip time and its failures.
//
// Time-outs follow RFC 6298 (Jacobson): smoothed time plus four times its
// deviation. A server that fails several times in a row is passed over until it
// answers; after pauses that double, one query each finds out whether it does.
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

  /// Nothing was heard of it for a query's whole budget: that is enough.
  News given_up(dns::Time now);

  /// How long to wait for it before the next server is asked as well.
  dns::Milliseconds try_for() const;

  /// Whether others should be asked before it: it failed, and has not answered since.
  bool passed_over() const { return passed_over_; }
  /// Whether it is time to find out if it is back.
  bool wants_probe(dns::Time now) const { return passed_over_ && now >= paused_until_; }
  /// The caller is about to ask it: when its pause is over, that is the one query
  /// that finds out.
  void asking(dns::Time now);
  /// Whether it has been heard of after `asked`.
  bool answered_since(dns::Time asked) const { return last_answer_ >= asked; }

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
