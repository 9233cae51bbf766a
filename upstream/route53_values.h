// What a name and type of a hosted zone holds when its sets are put together:
// every value, what weight and health it has, and whether it is one to answer
// with. Aliases are followed, in the zone or to addresses that are known.
//
// Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/instance.h"
#include "dnsd/dns/address.h"
#include "upstream/route53_sets.h"

namespace upstream {

// AWS's load balancers give their addresses this TTL, and an alias has its target's.
constexpr std::uint32_t kAliasTtl = 60;

/// What is known beside the sets themselves.
struct Route53Known {
  std::string zone_id;
  std::string region;                                        // of this host; empty: not known
  std::map<std::string, cache::Status> health;               // by health check
  std::map<std::string, std::vector<dns::IpAddress>> hosts;  // alias targets outside the zone
};

struct Route53Value {
  const Route53RecordSet* set = nullptr;  // the one that has it; lives as long as the zone's sets
  std::string text;                       // RDATA; or a host's name
  bool is_host = false;  // of an alias to outside, whose addresses are not known yet
  std::uint32_t ttl = 0;
  std::uint32_t share = 1;  // of the sets on the way to it
  cache::Status status = cache::Status::unknown;
  std::string_view waits = {};  // why it is not one to answer with; empty: it is
  bool is_weighted = false;     // some set on the way to it was
};

/// What is not followed to its end is said in `left_out`, a sentence each.
std::vector<Route53Value> values_of(const Route53Sets& zone, Route53Sets::Group group,
                                    const Route53Known& known, std::vector<std::string>& left_out);

/// The host whose addresses this set needs, without a last dot. Nothing: it is no
/// alias, of another type, or to a name in this zone. Empty: the target is no name.
std::optional<std::string> outside_host(const Route53RecordSet& set, const std::string& zone_id);

}  // namespace upstream
