// What AWS says when it refuses, in whichever of its forms: XML (Route 53, STS),
// JSON or a header (API Gateway, the container's and the host's endpoints).
//
// Pure; any thread.
#pragma once

#include <string>

#include "dnsd/net/http_client.h"

namespace upstream {

struct AwsError {
  std::string code;     // `Throttling`, `ExpiredToken`; empty: none is said
  std::string message;  // empty: none is said
};

/// REQUIRES: `reply` is no success. A body of any other kind says nothing.
AwsError read_aws_error(const net::HttpReply& reply);

/// `HTTP 403, AccessDenied: 'not you'`, fit for a log.
std::string sentence(const net::HttpReply& reply);

/// Whether `reply` says that the account's requests are too many, or that another
/// change of the zone is under way: to wait helps. REQUIRES: it is no success.
bool is_throttling(const net::HttpReply& reply);

/// Whether other keys may help: these are expired, or known no more.
bool blames_keys(const AwsError& error);

}  // namespace upstream
