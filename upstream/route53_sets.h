// All record sets of a hosted zone, found by name and type, and, as the DNS
// finds them, through wildcards (RFC 4592).
//
// Immutable; any thread.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dnsd/dns/name.h"
#include "upstream/route53_record_set.h"

namespace upstream {

class Route53Sets {
 public:
  /// The sets of one name and type.
  using Group = std::span<const Route53RecordSet>;

  Route53Sets() = default;
  /// In any order. A set that is there twice, since the zone changed between two
  /// pages, counts as it was read last.
  explicit Route53Sets(std::vector<Route53RecordSet> sets);
  Route53Sets(const Route53Sets&) = delete;
  Route53Sets& operator=(const Route53Sets&) = delete;
  Route53Sets(Route53Sets&&) = default;  // what the index points at moves along
  Route53Sets& operator=(Route53Sets&&) = default;

  /// The sets of exactly this name. Empty: none.
  Group find(dns::NameView owner, dns::Type type) const;
  /// The sets that answer for `name`: its own, or a wildcard's.
  Group answer(dns::NameView name, dns::Type type) const;

  /// Sorted by name and type.
  const std::vector<Route53RecordSet>& all() const { return sets_; }
  /// Where the zone's SOA stands; empty: it has none.
  dns::NameView apex() const { return apex_; }

 private:
  void index();
  Group all_of(dns::NameView owner) const;

  std::vector<Route53RecordSet> sets_;
  std::unordered_map<dns::NameView, Group> by_owner_;
  std::unordered_set<dns::NameView> above_;  // names with names below them
  dns::NameView apex_;
};

/// The part of `group`, sorted by type, that has this type.
Route53Sets::Group of_type(Route53Sets::Group group, dns::Type type);

}  // namespace upstream
