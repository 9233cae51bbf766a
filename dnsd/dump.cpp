#include "dnsd/dump.h"

#include "dnsd/log.h"

namespace signpost {
namespace {

// Lines of one dump of the catalog table.
constexpr std::size_t kServicesDumped = 1000;

/// The table by name, as far as a log can carry it.
void dump_services(const cache::CatalogTable& table) {
  std::size_t left = kServicesDumped;
  table.each_service([&](const cache::Node& node) {
    const cache::TableService& service = *node.service;
    logger("daemon")->info("service {}: {} of {} instances are given, {} versions",
                           dns::to_text(node.name), service.all.candidates.size(),
                           service.instances.size(), service.versions.size());
    return --left > 0;
  });
  if (left == 0) logger("daemon")->info("further services are left out");
}

void dump_workers(const WorkerFigures& all) {
  logger("daemon")->info(
      "workers: {} queries, {} answered at once, {} forwarded, {} consulted, {} resolved, {} "
      "dropped, {} shed, {} waiting",
      all.queries, all.answered, all.forwarded, all.consulted, all.resolved, all.dropped, all.shed,
      all.waiting);
  const auto& f = all.forwarder;
  logger("forwarder")
      ->info(
          "{} queries, {} tries, {} time-outs, {} bad answers, {} unreachable, {} failed, {} shed, "
          "{} probes, {} hedged, {} of them won",
          f.queries, f.tries, f.timeouts, f.bad_answers, f.unreachable, f.failed, f.shed, f.probes,
          f.hedged, f.hedge_wins);
  logger("forwarder")
      ->info("{} replies that match nothing, {} of them but for the case", all.forgeries.mismatches,
             all.forgeries.wrong_cases);
  for (const auto& server : all.servers) {
    logger("forwarder")
        ->info("upstream {}: round trip {:.0f} us, {} failures in a row{}{}", server.name,
               server.round_trip * 1e6, server.failures, server.passed_over ? ", passed over" : "",
               server.set_aside ? ", set aside: it leads back here" : "");
  }
}

}  // namespace

void dump(const Figures& figures, const cache::CatalogTable& table) {
  logger("daemon")->info("catalog: serial {}, {} services, {} instances", figures.serial,
                         figures.services, figures.instances);
  for (const SourceReport& source : figures.sources) {
    logger("daemon")->info("source {}", to_text(source));
  }
  dump_services(table);
  const auto& cached = figures.cache;
  logger("daemon")->info(
      "answer cache: {} entries, {} bytes, {} hits, {} misses, {} inserts, {} evictions, {} stale "
      "answers, {} prefetches",
      figures.cache_entries, figures.cache_bytes, cached.hits, cached.misses, cached.inserts,
      cached.evictions, cached.stale, cached.prefetches);
  dump_workers(figures.workers);
}

}  // namespace signpost
