// How healthy one instance is, as seen from here (zone.md, Health): what its catalog says, what our
// probes see, and how old both are, made into a factor for its weight, a state, and a sentence why.
//
// clang-format off
// | what is known                                   | state   | factor                                     |
// |-------------------------------------------------|---------|--------------------------------------------|
// | the catalog says healthy or anything else       | up      | 1                                          |
// | the catalog says unhealthy                      | out     | 0                                          |
// | a probe's result, whatever the catalog says     | up, out | 1, 0                                       |
// | `fall` bad probes in a row                      | out     | 0                                          |
// | it joined a probed service; its first probe bad | out     | 0                                          |
// | out; rise x 2^(n-1) good probes in a row,       | ramping | from a tenth, or from where it stood, to 1 |
// |   n its falls of 10 minutes, at most 16 x rise  |         |   over slow_start                          |
// | the catalog's word turned from unhealthy        | ramping | the same                                   |
// | it joined a probed service                      | ramping | the same                                   |
// | last probe older than max_age                   | fading  | slides to the catalog's over as long again |
// | unhealthy, but that word is older than max_age  | fading  | slides to 1 over as long again             |
// clang-format on
//
// Pure: events and `now` in, a verdict out. Not safe for concurrent use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/instance.h"
#include "conf/config.h"
#include "dnsd/dns/time.h"

namespace cache {

enum class HealthState : std::uint8_t { up, ramping, fading, out };

std::string_view to_text(HealthState state);

struct HealthVerdict {
  double factor = 1;  // 0 to 1, in hundredths; above 0 while anything speaks for it
  HealthState state = HealthState::up;
  dns::Time since;                          // of good or bad health
  dns::Time changes_at = dns::Time::max();  // when it will be another, if nothing happens
  std::string why;                          // empty: the catalog's word, and nothing else
  std::optional<dns::Time> seen;            // when what `why` ends with was seen
};

/// What one probe saw.
struct ProbeResult {
  bool good = false;
  std::string fault;  // of a bad one: `connect: connection refused`
};

class InstanceHealth {
 public:
  /// `joined`: the service, which is probed, was there before it.
  InstanceHealth(Status word, bool joined, dns::Time now);

  /// What the catalog says, and when it said so.
  void told(Status word, dns::Time heard, const conf::Health& rules, dns::Time now);
  void probed(const ProbeResult& result, const conf::Probe& probe, const conf::Health& rules,
              dns::Time now);

  /// No probe watches it any more.
  void forget_probes() { probed_.reset(); }

  /// Whether what was seen last, or else the catalog's word, speaks for it.
  bool is_good() const { return probed_ ? !probed_->out : word_ != Status::unhealthy; }
  HealthVerdict verdict(const conf::Health& rules, dns::Time now) const;
  /// It says no more than the catalog's word of today would say alone.
  bool is_plain(const conf::Health& rules, dns::Time now) const;

 private:
  struct Probed {
    bool out = false;
    unsigned good_in_row = 0, bad_in_row = 0;
    unsigned needed = 0;  // good ones in a row, to come back
    dns::Time last, last_bad;
    std::string fault;  // of the last bad one
  };

  void see_good(unsigned rise, dns::Time now);
  void see_bad(const ProbeResult& result, unsigned fall, dns::Time now);
  unsigned needed(unsigned rise, dns::Time now) const;
  void follow(double before, bool was_good, const conf::Health& rules, dns::Time now);

  double word_level(const conf::Health& rules, dns::Time now) const;
  double level(const conf::Health& rules, dns::Time now) const;
  double ramp(const conf::Health& rules, dns::Time now) const;
  dns::Time changes_at(const conf::Health& rules, dns::Time now) const;
  HealthState state(double level, double ramp) const;
  void explain(HealthVerdict& verdict, double level, double ramp) const;
  std::string why_of_probes() const;

  Status word_;
  bool joined_;      // and no probe has seen it yet
  dns::Time heard_;  // the catalog's word
  dns::Time since_;  // of good or bad health
  std::optional<Probed> probed_;
  std::optional<dns::Time> ramp_from_;
  std::vector<dns::Time> falls_;  // of the last 10 minutes
};

}  // namespace cache
