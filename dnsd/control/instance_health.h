// How one instance does, in the words that /v1/explain uses.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "cache/catalog_table.h"

namespace signpost {

struct InstanceHealth {
  std::string_view word;   // the catalog's: `healthy`, `unhealthy`, ...
  std::string_view state;  // ours: `up`, `ramping`, `fading`, `out`
  double factor = 1;       // the catalog's weight is multiplied by it
  dns::Time since;         // when it became so
  std::string why;
};

InstanceHealth health_of(const cache::TableInstance& instance, dns::Time now);

}  // namespace signpost
