// A request to AWS, before it is signed. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "dnsd/dns/result.h"
#include "dnsd/dns/time.h"
#include "dnsd/net/http_client.h"
#include "upstream/sigv4.h"

namespace upstream {

struct AwsCall {
  std::string origin;  // `https://host[:port]`; the request's host is that of it
  AwsRequest request;
  std::vector<std::string> more_headers;  // lines that are sent and not signed
  SigningScope scope;
  dns::Milliseconds timeout{2'000};  // for each try; there are at most three
  std::size_t max_body = net::kHttpBodyLimit;
  std::function<void()> on_try;  // called as each try is sent
};

/// What is missing to sign it, as a sentence; empty: nothing.
std::string lack_of(const AwsCall& call);

/// A GET of `url`, its parts where signing needs them. Error: it is no http or
/// https URL with a usable host.
dns::Result<AwsCall> aws_call(const std::string& url);

/// The request as it is sent, signed. Its host is sent as it is signed.
net::HttpRequest signed_request(const AwsCall& call, const AwsKeys& keys, WallTime when);

}  // namespace upstream
