// Signs requests to AWS (Signature Version 4).
//
// Pure but for the hash functions of dnsd/net/digest.h. Any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream {

/// One set of credentials; taken as a whole for each signature.
struct AwsKeys {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // empty: none

  friend bool operator==(const AwsKeys&, const AwsKeys&) = default;
};

struct AwsRequest {
  std::string method = "GET";
  std::string host;                                          // without a default port
  std::string path = "/";                                    // as it is sent: percent-encoded once
  std::vector<std::pair<std::string, std::string>> query;    // not encoded
  std::vector<std::pair<std::string, std::string>> headers;  // further ones to sign
  std::string body;
};

/// For which service and region a signature is good.
struct SigningScope {
  std::string region;
  std::string service;
};

using WallTime = std::chrono::sys_seconds;

/// The header lines to send with `request`: `X-Amz-Date`, `X-Amz-Security-Token`
/// where there is one, `Authorization`. `request.headers` and the host are the caller's to send.
std::vector<std::string> sign(const AwsRequest& request, const AwsKeys& keys,
                              const SigningScope& scope, WallTime when);

/// `name=value&…`, percent-encoded and sorted: what is signed, and what to send.
std::string query_text(const AwsRequest& request);

/// All but letters, digits, `-`, `_`, `.` and `~` as %XX; `/` too unless it is kept.
std::string percent_encoded(std::string_view text, bool keep_slash = false);

/// The steps, for tests.
std::string canonical_request(const AwsRequest& request, const AwsKeys& keys, WallTime when);
std::string signature(const std::string& canonical, const AwsKeys& keys, const SigningScope& scope,
                      WallTime when);

}  // namespace upstream
