// The OPT record of a reply (RFC 6891): our size, the cookie, keep-alive, and
// an Extended DNS Error where there is room for it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "dnsd/dns/query.h"

namespace dns {

/// Our own UDP size: DNS Flag Day 2020; rarely fragments (RFC 9715).
constexpr std::uint16_t kUdpAnswerSize = 1232;

/// What the reply's OPT carries besides our size.
struct ReplyOptions {
  bool has_cookie = false;
  std::array<std::uint8_t, 24> cookie{};  // the client's 8 and our 16 (RFC 9018)
  std::uint16_t keepalive = 0;            // in 100 ms; 0: none (RFC 7828)
};

/// An RFC 8914 code with a sentence; sent only to EDNS clients.
struct ExtendedErrorText {
  ExtendedError code = ExtendedError::OTHER;
  std::string_view text;
};

/// How many bytes the OPT of a reply to `query` needs without an extended
/// error: 0 when the query had none.
std::size_t opt_room(const Query& query, const ReplyOptions& options);

/// Appends the OPT, if the query had one, to the `used` bytes in `room`; returns
/// the new length. The error loses its text, or is left out, where it does not
/// fit. REQUIRES: opt_room() bytes are free.
std::size_t append_opt(WireSpan room, std::size_t used, const Query& query,
                       const ReplyOptions& options, Rcode rcode, const ExtendedErrorText* extended);

}  // namespace dns
