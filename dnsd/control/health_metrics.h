// The health of services and instances for Prometheus: of each instance while there are few, else
// of each service, else only what is wrong. Pure.
#pragma once

#include "cache/catalog_table.h"
#include "dnsd/control/metric_families.h"

namespace signpost {

/// So many instances have lines of their own, and so many services; beyond that a scrape would cost
/// more than it tells.
constexpr std::size_t kMostLines = 1000;

void add_health(MetricFamilies& out, const cache::CatalogTable& table);

}  // namespace signpost
