// The catalog's word on an instance, as text: `healthy`, `unhealthy`, `draining`, `unknown`. Pure;
// any thread.
#pragma once

#include <string_view>

#include "cache/instance.h"

namespace cache {

constexpr std::string_view to_text(Status status) {
  switch (status) {
    case Status::healthy:
      return "healthy";
    case Status::unhealthy:
      return "unhealthy";
    case Status::draining:
      return "draining";
    case Status::unknown:
      break;
  }
  return "unknown";
}

}  // namespace cache
