// Names that never leave the machine (RFC 6761, 7686, 9476).
#pragma once

#include <cstdint>

#include "dnsd/dns/name.h"

namespace signpost {

enum class SpecialName : std::uint8_t {
  none,
  localhost,  // it, or below it: the loopback addresses
  nowhere,    // .invalid, .onion, .alt: NXDOMAIN
};

SpecialName special_name(dns::NameView name);

}  // namespace signpost
