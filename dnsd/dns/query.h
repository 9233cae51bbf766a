// One query, read from hostile bytes (RFC 1035, 4.1; RFC 6891 for OPT).
//
// Pure: no loop, clock, log or socket. Reads each byte at most once and
// allocates nothing.
#pragma once

#include <array>
#include <cstdint>

#include "dnsd/dns/question.h"
#include "dnsd/dns/wire.h"

namespace dns {

constexpr std::size_t kClientCookieSize = 8;  // RFC 7873, 4
constexpr std::size_t kServerCookieMost = 32;
constexpr std::uint16_t kNoEdnsUdpSize = 512;  // RFC 1035, 4.2.1

/// What the client's OPT record said.
struct Edns {
  bool present = false;
  bool dnssec_ok = false;
  bool wants_keepalive = false;  // RFC 7828
  std::uint8_t version = 0;
  std::uint16_t udp_size = kNoEdnsUdpSize;
  std::uint8_t cookie_size = 0;  // 0: none; 8: the client's part alone
  std::array<std::uint8_t, kClientCookieSize + kServerCookieMost> cookie;
};

struct Query {
  std::uint16_t id = 0;
  std::uint8_t opcode = 0;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool authentic_data = false;
  Question question;
  WireView
      raw_question;  // as the client spelled it, to echo; points into the packet; empty: unreadable
  Edns edns;
};

enum class QueryVerdict : std::uint8_t {
  fine,
  not_a_query,      // a response, or under 12 bytes: say nothing, or two servers would loop
  malformed,        // FORMERR
  not_implemented,  // an opcode other than QUERY: NOTIMP
  bad_version,      // EDNS above 0: BADVERS
};

/// Reads `packet` into `out`. Unless it is `not_a_query`, `id` and the flags
/// are set whatever the verdict, so that an error reply can be made.
QueryVerdict parse_query(WireView packet, Query& out);

}  // namespace dns
