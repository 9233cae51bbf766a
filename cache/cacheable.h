// How long may a message from upstream be kept, and in what form?
//
// Pure: a checked message in (upstream/reply_check.h), the stored form out. The
// same form serves the first client and all later ones.
#pragma once

#include <cstdint>
#include <vector>

#include "dnsd/dns/time.h"
#include "dnsd/dns/wire.h"

namespace cache {

/// RFC 2308, 5 wants 1 to 3 hours at most for negative answers.
constexpr dns::Seconds kNegativeTtlMost{3600};

/// A message without what belonged to one hop alone: ID 0, the question's name
/// in lower case, no OPT.
struct StoredForm {
  dns::Wire wire;
  std::vector<std::uint16_t> ttl_places;  // where in `wire` the records' TTLs are, ascending
  dns::Seconds ttl{0};                    // how long it may be kept; 0: not at all
};

/// Makes the stored form of `message`. What may be kept, and for how long:
///   - NOERROR with data, for the lowest TTL of all its records; one whose top
///     bit is set counts as 0 (RFC 2181, 8); `max_ttl` at most;
///   - NXDOMAIN and NODATA, also at the end of a CNAME chain, for no longer than
///     the SOA's TTL and its MINIMUM (RFC 2308, 5) and an hour; without SOA not;
///   - nothing with TC=1, nothing with another rcode.
/// TTLs above what may be kept are lowered in the stored form too: `max_ttl`
/// for all, the negative TTL for the SOA.
/// REQUIRES: a well-formed message; another one comes back as it is, ttl 0.
StoredForm stored_form(dns::WireView message, dns::Seconds max_ttl);
/// The same in the memory of `out`, whatever it held.
void make_stored_form(dns::WireView message, dns::Seconds max_ttl, StoredForm& out);

}  // namespace cache
