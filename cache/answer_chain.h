// An ANSWER section is believed only as a chain from the question: records of
// the name that was asked, or of the name its CNAMEs lead to (RFC 1034, 3.6.2).
// Whatever else a server put there is never read from here.
//
// Pure; allocates nothing.
#pragma once

#include <cstddef>

#include "dnsd/dns/name.h"
#include "dnsd/dns/wire.h"

namespace cache {

/// Longer chains are not followed; what lies beyond counts as no data.
constexpr std::size_t kLongestChain = 16;

/// Where the CNAMEs of `message` lead from its question's name, in whatever
/// order they stand. The question's own name when there is none, or when the
/// CNAME itself was asked for. REQUIRES: a well-formed message.
dns::Name end_of_chain(dns::WireView message);

/// Whether ANSWER holds what was asked (for ANY: anything) at `end`, the name
/// that `end_of_chain` gave. False is NODATA, or NXDOMAIN.
bool has_data(dns::WireView message, const dns::Name& end);

}  // namespace cache
