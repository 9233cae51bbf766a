// What a relay told last, remembered in few bytes a service, so that only what
// changed reaches the catalog.
//
// Pure; belongs to one source.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "cache/instance.h"
#include "dnsd/dns/name.h"
#include "upstream/relayed_origins.h"

namespace upstream {

/// Replaces the places in `part` by origins, and drops what comes from those that are left
/// out; a service that had nothing else goes with them. Returns the names of these.
std::vector<std::string> resolve_origins(cache::CatalogPart& part, const RelayedOrigins& origins);

class RelayedServices {
 public:
  explicit RelayedServices(const dns::Name& zone) : zone_(zone) {}

  /// Remembers all of `part`.
  void remember(const cache::CatalogPart& part);
  /// What of the services is another than is remembered, and remembers that.
  cache::CatalogDelta take(std::vector<cache::Service> services);
  /// The same where `services`, and names in `gone`, are all that may have changed.
  cache::CatalogDelta take_changes(std::vector<cache::Service> services,
                                   const std::vector<std::string>& gone);
  /// Whether the records are others than those that are remembered.
  bool differ(const std::vector<cache::Record>& records) const;

 private:
  struct Known {
    std::uint64_t print = 0;  // of all that it says
    bool seen = false;        // in the document that is being taken
  };

  std::string key_of(const std::string& name) const;
  std::vector<cache::Service> others(std::vector<cache::Service> services);

  dns::Name zone_;
  std::unordered_map<std::string, Known> services_;  // by owner, wire form, without the zone
  std::uint64_t records_ = 0;                        // their print
};

}  // namespace upstream
