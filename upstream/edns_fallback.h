// With EDNS first; once more without it to a server that does not understand,
// which is then remembered for a while (RFC 6891, 6.2.2).
#pragma once

#include <memory>

#include "dnsd/net/timers.h"
#include "upstream/asker.h"

namespace upstream {

/// After this long a server is tried with EDNS again: it may have been renewed.
constexpr dns::Seconds kEdnsProbeAfter{900};

class EdnsFallback final : public Asker {
 public:
  /// REQUIRES: `timers` outlives this.
  EdnsFallback(net::Timers& timers, std::unique_ptr<Asker> below);

  void ask(const Errand& errand) override;

 private:
  void came_back(Errand& errand, ServerReply& reply) override;
  void ask_without(Errand errand);

  net::Timers& timers_;
  dns::Time without_until_{};
  std::unique_ptr<Asker> below_;
};

}  // namespace upstream
