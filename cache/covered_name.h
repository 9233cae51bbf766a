// RFC 8020: a name that does not exist has no names below it, so its NXDOMAIN
// answers for those too.
#pragma once

#include "cache/answer_key.h"
#include "dnsd/dns/wire.h"

namespace cache {

/// Turns an NXDOMAIN for an ancestor of `key.name`, at the front of `room` and
/// `size` bytes long, into the one for `key`: the longer question goes in and
/// every compression pointer moves with what it points at. Returns the new size,
/// or 0 when it cannot be done: no room, a record type whose names are not
/// known here, or a place that a pointer cannot reach.
std::size_t cover_name_below(dns::WireSpan room, std::size_t size, const AnswerKey& key);

}  // namespace cache
