// What the last run knew, read at start, and written now and then and at a clean stop.
//
// Control thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cache/answer_cache.h"
#include "cache/snapshot_format.h"

namespace signpost {

/// What the sources had said, as it stands in the file.
struct KeptState {
  std::unique_ptr<const std::string> file;  // what `sources` point into
  std::vector<cache::KeptSource> sources;
};

/// Puts the answers in the file at `path` back into `answers`, those whose time is
/// over as stale ones, and returns what the sources had said. No file: nothing.
/// Error: the file cannot be read or is damaged; nothing of it was used.
dns::Result<KeptState> read_state(const std::string& path, cache::AnswerCache& answers,
                                  dns::Seconds max_ttl, dns::Time now);

dns::Result<dns::Done> write_state(const std::string& path,
                                   const std::vector<cache::SourceKnowledge>& sources,
                                   const cache::AnswerCache& answers, dns::Time now);

}  // namespace signpost
