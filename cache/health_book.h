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

/// An instance's name in its service: id and version.
std::string instance_key(const Instance& instance);

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
    std::optional<HealthVerdict> verdict(const std::string& key, const Word& word);
    /// Forgets who was not named.
    void done();

   private:
    HealthBook& book_;
    std::string owner_;
    dns::Time now_;
    dns::Time due_ = dns::Time::max();
    std::set<std::string> named_;
  };

  /// What a probe's result changes. Where only what can be said of it changes, the service is due
  /// within a second.
  struct Effect {
    bool verdict = false;  // the factor or the state
    bool turned = false;   // from good to bad, or back: `good` now
    bool good = true;
    std::string why;  // when it turned
  };
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
};

}  // namespace cache
