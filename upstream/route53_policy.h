// Who comes first among the sets of one name and type, by their routing policy
// (contracts.md, 3.6; zone.md, "Route 53 sets become instances").
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "upstream/route53_record_set.h"

namespace upstream {

struct Route53Rank {
  unsigned rank = 0;         // the sets of the lowest rank that has a healthy one answer
  std::string_view else_is;  // what a set that has to wait is; of static lifetime
};

/// `region` is where this host is; empty: not known, so sets by place are all alike.
///
///   weighted       those with a weight, then those without (all alike among themselves)
///   failover       the primary, then the secondary
///   latency and other places   the nearest that names this region, else all alike
Route53Rank rank_of(const Route53Routing& routing, std::string_view region);

/// A weighted set's share; 1 where sets have none, or where all that answer have 0.
inline std::uint32_t share_of(const Route53Routing& routing) {
  const bool weighted = routing.policy == Route53Routing::Policy::weighted;
  return weighted && routing.weight > 0 ? routing.weight : 1;
}

}  // namespace upstream
