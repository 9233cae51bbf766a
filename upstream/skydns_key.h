// Where SkyDNS keeps a name: the labels from the right, `web.Z` of the zone
// servicediscovery.internal under /skydns/internal/servicediscovery/web.
//
// A *path* is what follows the zone's own folder, `web/x1`. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/name.h"

namespace upstream {

/// The keys below the zone: from `folder` to before `end`.
struct SkydnsRange {
  std::string folder;  // `/skydns/internal/servicediscovery/`
  std::string end;     // the first key after all that begin so

  /// The path of a key; nothing when it is outside.
  std::optional<std::string_view> path_of(std::string_view key) const;
};

/// `prefix` is as configured: `/skydns`, with or without a last slash.
SkydnsRange skydns_range(std::string_view prefix, const dns::Name& zone);

/// The services that the key at `path` counts for, canonical and relative to the
/// zone: of `prod/web/x1` these are `prod` and `web.prod`, of `_tcp/_web/x1` it is `web`. Its own
/// name is one only where it has no folder that is (`web`): else it is that
/// of an instance, which the zone finds by its id. As with the plugin a label with
/// capitals, dots or other than letters, digits, `-` and `_` is part of no service; it ends the
/// list.
std::vector<std::string> services_of(std::string_view path);

/// The paths at which a canonical service may stand: `web`, `_tcp/_web`, `_udp/_web`.
std::vector<std::string> paths_of(std::string_view service);

/// `x1.web` of the rest `web/x1` of a path: how an instance below a name is called.
std::string dotted(std::string_view path);

}  // namespace upstream
