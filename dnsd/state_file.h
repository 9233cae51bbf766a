// What the last run knew, read at start, and written now and then and at a clean stop.
//
// Control thread only.
#pragma once

#include <string>
#include <vector>

#include "cache/answer_cache.h"
#include "cache/snapshot_format.h"

namespace signpost {

/// Puts the answers in the file at `path` back into `answers`, those whose time is
/// over as stale ones, and returns what the sources had said. No file: nothing.
/// Error: the file cannot be read or is damaged; nothing of it was used.
dns::Result<std::vector<cache::SourceKnowledge>> read_state(const std::string& path,
                                                            cache::AnswerCache& answers,
                                                            dns::Seconds max_ttl, dns::Time now);

dns::Result<dns::Done> write_state(const std::string& path,
                                   const std::vector<cache::SourceKnowledge>& sources,
                                   const cache::AnswerCache& answers, dns::Time now);

}  // namespace signpost
