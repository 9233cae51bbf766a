#include "dnsd/control/metrics_text.h"

#include "dnsd/control/health_metrics.h"
#include "dnsd/control/metric_families.h"

namespace signpost {
namespace {

double seconds(dns::Milliseconds time) {
  return static_cast<double>(time.count()) / 1000;
}

double number(std::uint64_t count) {
  return static_cast<double>(count);
}

void add_source(MetricFamilies& out, const SourceReport& source, double now) {
  const MetricLabels its{{"source", source.name}};
  out.gauge("signpost_source_up", "1 while the last refresh of a catalog source went well",
            source.age && source.failure.empty() ? 1 : 0, its);
  if (source.age) {
    out.gauge("signpost_source_last_refresh_timestamp_seconds",
              "When a source was last refreshed well", now - seconds(*source.age), its);
    out.gauge("signpost_source_age_seconds", "Age of what a source said", seconds(*source.age),
              its);
  }
  out.gauge("signpost_source_stale", "1 while what a source said counts as old",
            source.stale ? 1 : 0, its);
  out.gauge("signpost_source_names", "Names with services or records that a source knows",
            number(source.names), its);
  out.gauge("signpost_source_held", "Drops of a source that the mass change guard holds back",
            number(source.held), its);
  out.counter("signpost_source_failures_total", "Refreshes of a source that failed",
              number(source.failures), its);
  out.counter("signpost_source_requests_total", "Requests sent to a source's API",
              number(source.sent.requests), its);
  out.counter("signpost_source_throttles_total",
              "Requests that a source's API refused because they were too many",
              number(source.sent.throttles), its);
}

void add_workers(MetricFamilies& out, const WorkerFigures& all) {
  out.counter("signpost_queries_total", "Queries of clients", number(all.queries));
  const char* outcomes = "Queries by what became of them";
  const auto outcome = [&](const char* what, std::uint64_t count) {
    out.counter("signpost_query_outcomes_total", outcomes, number(count), {{"outcome", what}});
  };
  outcome("answered", all.answered);
  outcome("forwarded", all.forwarded);
  outcome("consulted", all.consulted);
  outcome("resolved", all.resolved);
  outcome("dropped", all.dropped);
  outcome("shed", all.shed);
  out.gauge("signpost_clients_waiting", "Clients that wait for a reply", number(all.waiting));
}

void add_forwarder(MetricFamilies& out, const WorkerFigures& all) {
  const auto& f = all.forwarder;
  out.counter("signpost_forwarder_queries_total", "Questions put to upstream", number(f.queries));
  const char* tries = "Tries at upstream servers by what came of them";
  const auto tried = [&](const char* what, std::uint64_t count) {
    out.counter("signpost_forwarder_tries_total", tries, number(count), {{"outcome", what}});
  };
  tried("sent", f.tries);
  tried("timeout", f.timeouts);
  tried("bad_answer", f.bad_answers);
  tried("unreachable", f.unreachable);
  out.counter("signpost_forwarder_failed_total", "Questions that nobody answered",
              number(f.failed));
  out.counter("signpost_forwarder_shed_total", "Questions given up for newer ones", number(f.shed));
  out.counter("signpost_forwarder_probes_total", "Probes of servers that are passed over",
              number(f.probes));
  out.counter("signpost_forwarder_hedged_total", "Questions that a second server was asked early",
              number(f.hedged));
  out.counter("signpost_forwarder_mismatches_total",
              "Replies that match no question in ID, port, question or case",
              number(all.forgeries.mismatches));
}

void add_server(MetricFamilies& out, const WorkerFigures::Server& server) {
  const MetricLabels its{{"upstream", server.name}};
  out.gauge("signpost_upstream_up", "1 while an upstream server is asked",
            server.passed_over || server.set_aside ? 0 : 1, its);
  out.gauge("signpost_upstream_round_trip_seconds", "Smoothed round trip of an upstream server",
            server.round_trip, its);
  out.gauge("signpost_upstream_failures_in_row", "Failures of an upstream server since it answered",
            server.failures, its);
  out.gauge("signpost_upstream_loops", "1 while an upstream server leads back to this daemon",
            server.set_aside ? 1 : 0, its);
}

void add_memory(MetricFamilies& out, const Figures& figures) {
  const auto& cache = figures.cache;
  out.counter("signpost_cache_hits_total", "Answers given from the cache", number(cache.hits));
  out.counter("signpost_cache_misses_total", "Look-ups that the cache had nothing for",
              number(cache.misses));
  out.counter("signpost_cache_inserts_total", "Answers kept", number(cache.inserts));
  out.counter("signpost_cache_evictions_total", "Answers evicted for lack of room",
              number(cache.evictions));
  out.counter("signpost_cache_stale_total", "Expired answers given", number(cache.stale));
  out.counter("signpost_cache_prefetches_total", "Answers fetched anew before they expired",
              number(cache.prefetches));
  out.gauge("signpost_cache_bytes", "Memory of the answer cache", number(figures.cache_bytes));
  out.gauge("signpost_cache_entries", "Answers in the cache", number(figures.cache_entries));
  out.gauge("signpost_catalog_serial", "Serial of the catalog table", figures.serial);
  out.gauge("signpost_catalog_services", "Services in the catalog table", number(figures.services));
  out.gauge("signpost_catalog_instances", "Instances in the catalog table",
            number(figures.instances));
}

void add_probes(MetricFamilies& out, const upstream::ProberFigures& probes) {
  const char* outcomes = "Probes of instances by what they saw";
  const auto seen = [&](const char* what, std::uint64_t count) {
    out.counter("signpost_probes_total", outcomes, number(count), {{"outcome", what}});
  };
  seen("good", probes.good);
  seen("bad", probes.bad);
  seen("untried", probes.untried);
  out.gauge("signpost_probed_instances", "Instances that probes watch", number(probes.instances));
  out.gauge("signpost_probes_in_flight", "Probes that are under way", number(probes.in_flight));
}

}  // namespace

std::string metrics_text(const Figures& figures, double unix_seconds) {
  MetricFamilies out;
  out.gauge("signpost_build_info", "The version that runs", 1, {{"version", SIGNPOST_VERSION}});
  for (const SourceReport& source : figures.sources) add_source(out, source, unix_seconds);
  add_workers(out, figures.workers);
  add_forwarder(out, figures.workers);
  for (const auto& server : figures.workers.servers) add_server(out, server);
  add_memory(out, figures);
  add_probes(out, figures.probes);
  if (figures.table) add_health(out, *figures.table);
  return out.text();
}

}  // namespace signpost
