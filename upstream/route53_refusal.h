// What Route 53 says when it refuses, and what an operator can do about it.
//
// Pure; any thread.
#pragma once

#include "dnsd/net/http_client.h"
#include "upstream/route53_api.h"

namespace upstream {

/// Whether `reply` says that the account's requests are too many, or that another
/// change of the zone is under way: to wait helps. REQUIRES: it is no success.
bool is_throttling(const net::HttpReply& reply);

/// REQUIRES: `reply` is no success.
Route53Failure read_refusal(const net::HttpReply& reply, const Route53Call& call);

}  // namespace upstream
