#include "dnsd/control/instance_health.h"

#include <algorithm>

#include "cache/status_word.h"

namespace signpost {
namespace {

/// What the verdict says, before what the catalog says.
std::string clause_of(const cache::HealthVerdict& verdict, dns::Time now) {
  if (verdict.why.empty() || !verdict.seen) return verdict.why.empty() ? "" : verdict.why + "; ";
  const auto ago = std::chrono::duration_cast<dns::Seconds>(now - *verdict.seen).count();
  return verdict.why + " " + std::to_string(std::max<std::int64_t>(0, ago)) + " s ago; ";
}

}  // namespace

InstanceHealth health_of(const cache::TableInstance& instance, dns::Time now) {
  const cache::Instance& told = *instance.told;
  const std::string_view word = cache::to_text(told.status);
  const std::string said = told.status_text.empty() ? std::string(word) : told.status_text;
  if (instance.verdict == nullptr) return {word, "up", 1, instance.since, "catalog says " + said};
  const cache::HealthVerdict& verdict = *instance.verdict;
  return {word, cache::to_text(verdict.state), verdict.factor, verdict.since,
          clause_of(verdict, now) + "catalog says " + said};
}

}  // namespace signpost
