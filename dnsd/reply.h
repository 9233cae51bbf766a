// An answer heard from upstream, made to fit one client: its ID, the question
// as it spelled it, its flags, its size, and an OPT if it sent one.
//
// Pure; allocates nothing.
#pragma once

#include "dnsd/dns/opt.h"
#include "dnsd/dns/query.h"

namespace signpost {

/// Writes the reply into `room` (as long as the client takes) from `stored`, a
/// message in stored form (cache/cacheable.h) for the query's question; it may
/// stand at the front of `room` already. What does not fit goes: additional
/// records first, then, for an answer with records, the authority's; then TC=1
/// with as many as fit. `extended` (or null) is left out where it does not fit.
/// Returns the length.
std::size_t fit_reply(const dns::Query& query, dns::WireView stored,
                      const dns::ReplyOptions& options, bool trust_ad, dns::WireSpan room,
                      const dns::ExtendedErrorText* extended = nullptr);

/// A reply without records: an error, or a refusal. Returns the length.
std::size_t error_reply(const dns::Query& query, dns::Rcode rcode, const dns::ReplyOptions& options,
                        const dns::ExtendedErrorText* extended, dns::WireSpan room);

}  // namespace signpost
