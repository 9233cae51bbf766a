// One probe of one instance, and what it saw. The seam between when instances are probed
// (upstream/prober.h) and how.
//
// Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "cache/health.h"
#include "conf/config.h"

namespace upstream {

/// Where a probe goes.
struct ProbeAim {
  std::string host;  // an address or a name, as the catalog gives it
  std::uint16_t port = 0;

  friend bool operator==(const ProbeAim&, const ProbeAim&) = default;
};

using ProbeId = std::uint64_t;  // 0 is no probe

class ProbeAsker {
 public:
  /// Nothing: it could not be tried, for reasons that are ours.
  using Done = std::function<void(std::optional<cache::ProbeResult>)>;

  virtual ~ProbeAsker() = default;

  /// `done` is called once, never before ask() returns, and not at all once cancelled.
  virtual ProbeId ask(const ProbeAim& aim, const conf::Probe& how, Done done) = 0;
  virtual void cancel(ProbeId id) = 0;
};

}  // namespace upstream
