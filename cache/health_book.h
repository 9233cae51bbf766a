// What is known of the health of every instance, by service: who has a record, what it says now,
// and when it says something else by itself. An instance that its catalog calls healthy, and no
// probe watches, has none: 100,000 of those cost nothing.
//
// Pure; the catalog's (cache/catalog.h), so control thread only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "cache/health.h"

namespace cache {

/// An instance's name in its service: its place and version; of one without an address, its id. Who
/// moves is another, and who is told by another source, under another id, is the same.
std::string instance_key(const Instance& instance);
/// Whether that is `key`, without making it.
bool has_key(const Instance& instance, std::string_view key);

class HealthBook {
 public:
  explicit HealthBook(conf::Health rules) : rules_(std::move(rules)) {}

  const conf::Health& rules() const { return rules_; }
  /// The first probe of the configuration that a service's name fits; null: none.
  const conf::Probe* probe_of(std::string_view service) const;
  /// After a reload nothing that still holds is forgotten.
  void adopt(const HealthBook& before) { services_ = before.services_; }

  /// What the catalog says of an instance, and since when that may be relied on.
  struct Word {
    Status status = Status::unknown;
    bool probed = false;  // a probe watches its service
    bool joined = false;  // its service was there before it
    dns::Time heard;
    dns::Time old_from = dns::Time::max();
  };
  /// One service that is being made anew: `word` for each instance, then done() once.
  class Reading {
   public:
    Reading(HealthBook& book, std::string owner, dns::Time now);
    /// Nothing: the catalog's word is all there is, and it is good.
    std::optional<HealthVerdict> verdict(const Instance& instance, const Word& word);
    /// Forgets who was not named.
    void done();

   private:
    HealthBook& book_;
    std::string owner_;
    dns::Time now_;
    dns::Time due_ = dns::Time::max();
    bool aged_ = false;
    std::set<std::string> named_;
  };

  /// The service is no more.
  void forget(const std::string& owner);
  /// Services that were read while a bad word on them was old: a source that is heard again may
  /// have renewed it.
  const std::set<std::string>& aged() const { return aged_; }

  /// It stands in the service as last read, and there is more to say of it than that its catalog
  /// calls it healthy.
  bool knows(const std::string& owner, const std::string& key) const;

  /// What a probe's result changes. Where only what can be said of it changes, the service is due
  /// within a second.
  struct Effect {
    bool verdict = false;  // the factor or the state
    bool turned = false;   // from good to bad, or back: `good` now
    bool good = true;
    std::string why;  // when it turned
  };
  /// REQUIRES: `word` is the catalog's, unless it knows the instance.
  Effect probed(const std::string& owner, const std::string& key, Status word,
                const ProbeResult& result, const conf::Probe& probe, dns::Time now);

  /// When the first service changes by itself.
  dns::Time next_due() const;
  /// Those whose time has come, each once.
  std::set<std::string> due(dns::Time now);

 private:
  using Instances = std::map<std::string, InstanceHealth>;  // by instance_key()

  void schedule(const std::string& owner, dns::Time when);
  dns::Time due_at(const std::string& owner) const;

  conf::Health rules_;
  std::unordered_map<std::string, Instances> services_;  // by owner
  std::unordered_map<std::string, dns::Time> due_at_;
  std::set<std::pair<dns::Time, std::string>> due_;
  std::set<std::string> aged_;
};

}  // namespace cache
