// What the daemon has counted and measured, as values: taken on the threads
// that count, told by /metrics, /ready and the log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cache/answer_cache.h"
#include "cache/catalog_table.h"
#include "upstream/catalog_source.h"
#include "upstream/forwarder.h"
#include "upstream/prober.h"

namespace signpost {

/// One source of the catalog, of either kind.
struct SourceReport {
  std::string name;
  std::optional<dns::Milliseconds> age;  // of the last good refresh; nothing: there was none
  bool stale = false;                    // what it said is old
  std::string failure;                   // of the last refresh; empty: it went well
  std::size_t names = 0;                 // with services or records
  std::size_t held = 0;                  // things that the mass change guard holds back
  std::uint64_t failures = 0;            // refreshes that failed
  upstream::SourceCounters sent;
};

/// `file:services.toml: last good refresh 3 s ago, 2 names, 0 failures, 0 requests, 0 throttled`
std::string to_text(const SourceReport& source);

/// Of one worker, or of all together.
struct WorkerFigures {
  struct Server {
    std::string name;
    double round_trip = 0;  // seconds, smoothed
    unsigned failures = 0;  // in a row
    bool passed_over = false;
    bool set_aside = false;  // it leads back here
  };
  std::uint64_t queries = 0, answered = 0, forwarded = 0, consulted = 0, resolved = 0, dropped = 0,
                shed = 0;
  std::uint64_t waiting = 0;  // clients, now
  upstream::ForwarderCounters forwarder;
  upstream::ForgeryCounters forgeries;
  std::vector<Server> servers;  // as the first worker sees them

  void add(const WorkerFigures& other);
};

struct Figures {
  std::vector<SourceReport> sources;
  WorkerFigures workers;
  cache::AnswerCacheCounters cache;
  std::size_t cache_bytes = 0, cache_entries = 0;
  std::uint32_t serial = 0;
  std::size_t services = 0, instances = 0;
  upstream::ProberFigures probes;
  cache::CatalogSnapshot table;  // null: not asked for
};

}  // namespace signpost
