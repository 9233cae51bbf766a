// What a name in the zone means: a service, one of its versions or instances,
// a target, a name that the daemon answers for itself, or nothing.
//
// Pure; allocates nothing. The meaning points into the table and the name, and
// is valid while both are.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "cache/catalog_table.h"
#include "dnsd/dns/name.h"

namespace cache {

struct ZoneName {
  enum class Kind : std::uint8_t {
    nothing,        // no such name: NXDOMAIN, unless a source may still have it
    empty,          // there are names below it: NODATA
    apex,           // the zone itself
    name_server,    // ns.Z
    records,        // only what stands in `node`
    service,        // `view` of `service`
    instance,       // `instance` of `service`: `<id>._S._tcp.Z`, `<id>.S.Z`
    explain,        // why `view` is as it is
    target,         // `ip-10-0-1-7.addr.Z`: `ip`
    service_types,  // `_services._dns-sd._udp.Z`
  };
  Kind kind = Kind::nothing;
  bool underscored = false;    // spelled `_S._tcp` or `_S._udp`
  bool exact = false;          // there are records or a service of this very name in `node`
  const Node* node = nullptr;  // exact, or the wildcard that covers it; may be null
  const TableService* service = nullptr;
  const View* view = nullptr;
  const TableInstance* instance = nullptr;
  dns::IpAddress ip;

  /// What an asking source would be asked; `may_ask` false: nothing. The version
  /// is empty where the name has none: then it is the default one.
  bool may_ask = false;
  const TableService* asked_of = nullptr;  // what is known of it; may be null
  std::string_view asked_service;
  std::string_view asked_version;  // points into `version_text`
  std::array<char, dns::kMaxName> version_text;

  /// In a table that is being restored: all that is known of exactly this name is there.
  bool stands_whole() const {
    // What an asking source said is there from the start, and stands for no listing's word.
    const bool all = view != nullptr && view == &service->all && service->listed;
    if (kind == Kind::service || kind == Kind::explain) return all;
    if (kind == Kind::records || kind == Kind::apex) return exact;
    return kind == Kind::name_server || kind == Kind::target;
  }

  /// Becomes what `other` is, but for what an asking source would be asked.
  void take_meaning(const ZoneName& other);
};

/// Reads `name`, which lies within `zone`, into `out`. `hash` is the name's.
void read_zone_name(const CatalogTable& table, dns::NameView zone, dns::NameView name,
                    std::uint64_t hash, ZoneName& out);

}  // namespace cache
