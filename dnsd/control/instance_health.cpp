#include "dnsd/control/instance_health.h"

namespace signpost {
namespace {

std::string_view word_of(cache::Status status) {
  switch (status) {
    case cache::Status::healthy:
      return "healthy";
    case cache::Status::unhealthy:
      return "unhealthy";
    case cache::Status::draining:
      return "draining";
    case cache::Status::unknown:
      break;
  }
  return "unknown";
}

}  // namespace

InstanceHealth health_of(const cache::TableInstance& instance) {
  const cache::Instance& told = *instance.told;
  const std::string_view word = word_of(told.status);
  const std::string said = told.status_text.empty() ? std::string(word) : told.status_text;
  const double factor = told.status == cache::Status::unhealthy ? 0 : 1;
  return {word, factor, instance.since, "catalog says " + said};
}

}  // namespace signpost
