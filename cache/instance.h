// What sources say and the catalog table holds: services and their instances.
// Plain values, filled on the control thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dnsd/dns/codes.h"
#include "dnsd/dns/name.h"

namespace cache {

/// The catalog's word on an instance. Anything but `unhealthy` and `draining`
/// counts as healthy; a draining one is never a candidate.
enum class Status : std::uint8_t { healthy, unhealthy, unknown, draining };

constexpr std::uint32_t kDefaultWeight = 100;
constexpr std::uint16_t kDefaultPriority = 1;

/// One address and port of a service.
struct Instance {
  std::string id;       // never empty, one of its kind in its service
  std::string version;  // empty: none
  std::string host;     // an address or a name, as the catalog gives it; empty: no address at all
  std::uint16_t port = 0;  // 0: none; such an instance is in A and AAAA, not in SRV
  std::uint16_t priority = kDefaultPriority;
  std::uint32_t weight = kDefaultWeight;
  Status status = Status::unknown;
  std::uint16_t origin = 0;  // of its source's origins, the one that told it; 0: none is known
  std::string status_text;   // the catalog's own word, for TXT
  std::string url;           // empty: none
  std::vector<std::pair<std::string, std::string>> attributes;

  friend bool operator==(const Instance&, const Instance&) = default;
};

/// A name with instances. `name` is as the catalog spells it: `time`,
/// `_time._tcp`, relative to the zone, without a last dot.
struct Service {
  std::string name;
  std::optional<std::uint32_t> ttl;  // the catalog's own, seconds; nothing: the zone's
  std::vector<Instance> instances;
  /// Why its source's last word is not taken yet (mass_change_guard.h); empty: it is.
  std::string held = {};  // NOLINT(readability-redundant-string-init): or callers must name it
  std::uint16_t held_origin = 0;  // who holds it, as an instance's origin

  friend bool operator==(const Service&, const Service&) = default;
};

/// A record that stands as it is (zone text, Route 53). The owner is absolute
/// and inside the zone; `rdata` is uncompressed wire.
struct Record {
  dns::Name owner;
  dns::Type type = dns::Type::A;
  std::uint32_t ttl = 0;
  std::vector<std::uint8_t> rdata;
  std::uint16_t origin = 0;  // as an instance's

  friend bool operator==(const Record&, const Record&) = default;
};

/// All that one listing source knows.
struct CatalogPart {
  std::vector<Service> services;
  std::vector<Record> records;
  /// Why not all of it is good, a sentence: a relay's own sources may be away; empty: it is.
  std::string trouble = {};  // NOLINT(readability-redundant-string-init): or callers must name it
};

/// What changed of a listing source's services; the others stay.
struct CatalogDelta {
  std::vector<Service> services;  // each replaces the one of its name
  std::vector<std::string> gone;  // names of those that are no more
  std::string trouble = {};       // NOLINT(readability-redundant-string-init): as a part's
};

}  // namespace cache
