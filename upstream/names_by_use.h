// Names in the order in which they may be forgotten: those that hold nothing
// before those that hold a service, and of each kind the longest unused first.
// So a flood of names that do not exist pushes out no service.
//
// Pure. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "dnsd/dns/time.h"
#include "upstream/catalog_source.h"

namespace upstream {

class NamesByUse {
 public:
  /// `key` was used at `now`, and holds a service or nothing.
  void use(const LookupKey& key, bool has_service, dns::Time now);
  void remove(const LookupKey& key);
  std::size_t size() const { return places_.size(); }
  /// The one to forget when there are too many. Nothing: there is none.
  std::optional<LookupKey> first_to_go() const;
  /// The longest unused name that holds nothing and was last used before `time`.
  std::optional<LookupKey> unused_since(dns::Time time) const;

 private:
  using Place = std::pair<bool, std::uint64_t>;  // holds a service; turn of its last use
  struct Use {
    LookupKey key;
    dns::Time when;
  };

  std::map<Place, Use> order_;
  std::map<LookupKey, Place> places_;
  std::uint64_t last_turn_ = 0;
};

}  // namespace upstream
