// SipHash-2-4, the keyed hash of server cookies (RFC 9018, 4). On the reply
// path, so written here: no context to set up, nothing to allocate.
#pragma once

#include <array>
#include <cstdint>

#include "dnsd/dns/wire.h"

namespace dns {

using SipKey = std::array<std::uint8_t, 16>;

/// The 64-bit hash of `bytes`; write it out least significant byte first.
std::uint64_t siphash24(const SipKey& key, WireView bytes);

}  // namespace dns
