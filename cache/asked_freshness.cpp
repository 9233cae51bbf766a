#include "cache/asked_freshness.h"

namespace cache {
namespace {

const AskedVersion* find(const TableService* service, SourceId source, std::string_view version) {
  if (service == nullptr) return nullptr;
  for (const AskedVersion& asked : service->asked) {
    if (asked.source == source && asked.version == version) return &asked;
  }
  return nullptr;
}

/// What is known of one version, with data or an absence.
void judge_known(const AskedVersion& asked, dns::Time now, AskedFreshness& out) {
  const bool resting = asked.failed && now < asked.retry_at;
  if (now < asked.fresh_until) {
    if (asked.has_data && now >= asked.refresh_at && !resting) out.refresh = true;
  } else if (asked.failed && asked.has_data) {
    out.stale = &asked;
    if (!resting) out.refresh = true;
  } else if (!resting) {
    out.wait = true;
    if (asked.has_data) out.stale = &asked;
  }
}

void judge(const AskedVersion* asked, dns::Time now, AskedFreshness& out) {
  if (asked == nullptr) {
    out.wait = out.unheard = true;
  } else if (asked->has_data || (asked->absent && now < asked->fresh_until)) {
    judge_known(*asked, now, out);
  } else if (asked->failed && now < asked->retry_at) {
    out.failure = asked;
  } else {
    out.wait = out.unheard = true;
    if (asked->failed) out.failure = asked;
  }
}

}  // namespace

AskedFreshness asked_freshness(const CatalogTable& table, const TableService* service,
                               std::string_view version, dns::Time now, bool may_wait) {
  AskedFreshness out;
  for (SourceId id = 0; id < table.sources().size(); ++id) {
    const SourceInfo& source = table.sources()[id];
    if (!source.asking || (!version.empty() && !source.versions)) continue;
    const std::string_view wanted = version.empty() ? source.default_version : version;
    judge(find(service, id, wanted), now, out);
    if (!version.empty() || service == nullptr) continue;
    // A name without a version shows the others too, as they are; they hold nobody up.
    for (const AskedVersion& other : service->asked) {
      if (other.source != id || other.version == wanted || !other.has_data) continue;
      AskedFreshness its;
      judge_known(other, now, its);
      out.refresh = out.refresh || its.refresh || its.wait;
      if (its.stale && other.failed) out.stale = its.stale;
    }
  }
  const bool listed = service != nullptr && service->listed;
  if (out.wait && (listed || !may_wait)) {
    out.refresh = out.refresh || listed;
    out.wait = false;
  } else if (out.wait) {
    out.stale = out.failure = nullptr;
  }
  return out;
}

}  // namespace cache
