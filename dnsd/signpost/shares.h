// Who gets how much of the traffic, from the SRV records of one answer (RFC 2782).
//
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnsd/dns/wire.h"

namespace signpost::tool {

struct Share {
  std::string target;  // presentation text
  std::uint16_t port = 0;
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  double percent = 0;      // of the traffic, while all are reachable
  bool stands_by = false;  // there are others of a better priority
};

/// Of the SRV records in ANSWER, those with the best priority first, else in their order. Weight 0
/// beside others is nearly nothing; where all are 0 they share alike. Names that cannot be read
/// are left out.
std::vector<Share> shares_of(dns::WireView message);

/// `75 %`, `0.3 %`, `< 0.1 %`
std::string percent_text(double percent);

}  // namespace signpost::tool
