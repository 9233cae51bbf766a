// What a relay told last, remembered in few bytes a service, so that only what
// changed reaches the catalog.
//
// Pure; belongs to one source.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "cache/instance.h"
#include "upstream/relayed_origins.h"

namespace upstream {

/// Replaces the places in `part` by origins, and drops what comes from those that are left
/// out; a service that had nothing else goes with them.
void resolve_origins(cache::CatalogPart& part, const RelayedOrigins& origins);

class RelayedServices {
 public:
  /// Remembers all of `part`.
  void remember(const cache::CatalogPart& part, const RelayedOrigins& origins);
  /// What of the services is another than is remembered, and remembers that. A service from a
  /// source that has not loaded again stays as it was.
  cache::CatalogDelta take(std::vector<cache::Service> services, const RelayedOrigins& origins);
  /// Whether the records are others than those that are remembered.
  bool differ(const std::vector<cache::Record>& records) const;

 private:
  struct Known {
    std::uint64_t print = 0;  // of all that it says
    std::uint64_t marks = 0;  // of the sources that told it
    bool seen = false;        // in the document that is being taken
  };

  static Known known_of(const cache::Service& service, const RelayedOrigins& origins);

  std::unordered_map<std::string, Known> services_;  // by canonical name
  std::uint64_t records_ = 0;                        // their print
};

}  // namespace upstream
