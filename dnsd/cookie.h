// Server cookies (RFC 7873, in the interoperable form of RFC 9018).
//
// Pure: secret and time come in. A client whose cookie is wrong or old is
// answered and given a new one; cookies refuse nobody here.
#pragma once

#include <array>
#include <cstdint>

#include "dnsd/dns/address.h"
#include "dnsd/dns/siphash.h"

namespace signpost {

/// Writes the client's 8 bytes and our 16 into `out`. `unix_time` in seconds.
void make_cookie(const std::uint8_t* client_cookie, const dns::IpAddress& client,
                 std::uint32_t unix_time, const dns::SipKey& secret,
                 std::array<std::uint8_t, 24>& out);

}  // namespace signpost
