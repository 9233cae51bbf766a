// What stays of a relay's sources that have not loaded again, as after its restart.
//
// Each source's share is its own: what the others tell is taken as it is, and of those
// that have not loaded nothing is lost that the relay does not tell otherwise.
//
// Pure; any thread.
#pragma once

#include "cache/instance.h"
#include "cache/snapshot_format.h"
#include "upstream/relayed_origins.h"

namespace upstream {

/// Adds to `told`, whose origins are resolved, what `stands` has of sources that may hold more.
/// Whose an instance without origin is, is not known: it stays until its id is told, and a
/// record of that kind until its name and type are.
void keep_unloaded_share(cache::CatalogPart& told, const cache::SourceKnowledge& stands,
                         const RelayedOrigins& origins);

}  // namespace upstream
