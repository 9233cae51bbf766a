// What Route 53 says when it refuses, and what an operator can do about it.
//
// Pure; any thread.
#pragma once

#include "dnsd/net/http_client.h"
#include "upstream/route53_api.h"

namespace upstream {

/// REQUIRES: `reply` is no success.
Route53Failure read_refusal(const net::HttpReply& reply, const Route53Call& call);

}  // namespace upstream
