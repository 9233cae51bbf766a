// SIGUSR1: the daemon's figures and tables to the log.
//
// Control thread only.
#pragma once

#include "cache/catalog_table.h"
#include "dnsd/control/figures.h"

namespace signpost {

void dump(const Figures& figures, const cache::CatalogTable& table);

}  // namespace signpost
