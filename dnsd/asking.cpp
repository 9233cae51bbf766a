#include "dnsd/asking.h"

#include <spdlog/spdlog.h>

#include "dnsd/dns/lowered.h"
#include "dnsd/log.h"
#include "dnsd/net/kernel_random.h"
#include "upstream/http_lookup_url.h"
#include "upstream/http_source.h"

namespace signpost {
namespace {

upstream::AskedNamesLimits limits(const conf::Catalog& catalog) {
  upstream::AskedNamesLimits limits;
  limits.max_drop = catalog.max_drop;
  return limits;
}

}  // namespace

Asking::Asking(SourceHome& home, const conf::Catalog& catalog, net::HttpClient& client)
    : home_(home),
      name_(catalog.name),
      versions_(catalog.dialect == conf::Catalog::Dialect::catalog),
      default_version_(versions_ ? dns::lowered(catalog.default_version) : ""),
      id_(home.catalog.add_asking_source(
          name_, versions_ ? std::optional(default_version_) : std::nullopt)),
      configured_(upstream::configured_keys(catalog)),
      asked_(
          std::make_unique<upstream::HttpSource>(catalog, client, home.tools.loop), home.tools.loop,
          dns::Random(net::KernelRandom().next64()), home.tools.config.zone.negative_ttl,
          [this](const upstream::LookupKey& key, cache::AskedState state) {
            publish(key, std::move(state));
          },
          limits(catalog)) {}

void Asking::adopt() {
  for (const auto& name : home_.catalog.knowledge(id_).names) {
    asked_.adopt({name.service, name.version}, name.state);
  }
}

void Asking::restore(const cache::KeptSource& kept) {
  for (const auto& name : kept.names) {
    cache::AskedState state = name.state;
    if (!state.service) continue;
    state.failed = true;
    state.why = "the catalog has not answered since the restart";
    state.fresh_until = state.refresh_at = state.retry_at = home_.now();
    answered_once_ = true;
    asked_.adopt({name.service, name.version}, state);
    home_.catalog.set_asked(id_, name.service, name.version, std::move(state));
  }
}

std::optional<upstream::LookupKey> Asking::key_of(const CatalogName& name) const {
  if (!versions_ && !name.version.empty()) return std::nullopt;
  return upstream::LookupKey{name.service, name.version.empty() ? default_version_ : name.version};
}

SourceReport Asking::report() const {
  SourceReport report = home_.report_of(id_);
  if (heard_) report.age = home_.age(*heard_);
  report.failure = failure_;
  report.failures = failures_;
  report.held = asked_.held();
  report.sent = asked_.counters();
  return report;
}

void Asking::publish(const upstream::LookupKey& key, cache::AskedState state) {
  if (state.failed && state.why != failure_) {
    logger("catalog")->warn("{}: {}{}: {}", name_, key.service,
                            state.service ? ": kept what was there" : "", state.why);
  } else if (!state.failed && !failure_.empty()) {
    logger("catalog")->info("{}: answers again", name_);
  }
  failure_ = state.failed ? state.why : "";
  failures_ += state.failed ? 1 : 0;
  if (!state.failed) heard_ = home_.now();
  answered_once_ = answered_once_ || !state.failed;
  home_.catalog.set_asked(id_, key.service, key.version, std::move(state));
  home_.publish();
}

}  // namespace signpost
