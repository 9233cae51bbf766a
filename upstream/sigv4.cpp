#include "upstream/sigv4.h"

#include <algorithm>
#include <ctime>

#include "dnsd/dns/lowered.h"
#include "dnsd/net/digest.h"

namespace upstream {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kEnd = "aws4_request";

/// `20150830T123600Z`
std::string stamp(WallTime when) {
  const std::time_t seconds = when.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[17];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts)};
}

std::string day(WallTime when) {
  return stamp(when).substr(0, 8);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '~';
}

/// Without spaces at its ends, and with one where there were several.
std::string trimmed(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

/// All that is signed, by lower-case name.
Pairs signed_headers(const AwsRequest& request, const AwsKeys& keys, WallTime when) {
  Pairs headers{{"host", request.host}, {"x-amz-date", stamp(when)}};
  if (!keys.session_token.empty()) headers.emplace_back("x-amz-security-token", keys.session_token);
  for (const auto& [name, value] : request.headers) {
    headers.emplace_back(dns::lowered(name), trimmed(value));
  }
  std::sort(headers.begin(), headers.end());
  return headers;
}

std::string names_of(const Pairs& headers) {
  std::string out;
  for (const auto& [name, value] : headers) out += (out.empty() ? "" : ";") + name;
  return out;
}

/// Without empty steps and those that lead nowhere or back (`//`, `.`, `..`): as AWS takes
/// every path, but S3's.
std::string normalized(std::string_view path) {
  std::vector<std::string_view> steps;
  const bool folder = path.ends_with('/');
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    if (step == ".." && !steps.empty()) steps.pop_back();
    if (!step.empty() && step != "." && step != "..") steps.push_back(step);
  }
  std::string out;
  for (const std::string_view step : steps) out.append("/").append(step);
  return steps.empty() || folder ? out + '/' : out;
}

std::string scope_text(const SigningScope& scope, WallTime when) {
  return day(when) + '/' + scope.region + '/' + scope.service + '/' + std::string(kEnd);
}

net::Digest signing_key(const AwsKeys& keys, const SigningScope& scope, WallTime when) {
  net::Digest key = net::hmac_sha256("AWS4" + keys.secret_access_key, day(when));
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), kEnd}) {
    key = net::hmac_sha256(net::as_key(key), part);
  }
  return key;
}

}  // namespace

std::string percent_encoded(std::string_view text, bool keep_slash) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string query_text(const AwsRequest& request) {
  Pairs encoded;
  for (const auto& [name, value] : request.query) {
    encoded.emplace_back(percent_encoded(name), percent_encoded(value));
  }
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string canonical_request(const AwsRequest& request, const AwsKeys& keys, WallTime when) {
  const Pairs headers = signed_headers(request, keys, when);
  // The path is encoded once more, for every service but S3.
  std::string out = request.method + '\n' + percent_encoded(normalized(request.path), true) + '\n' +
                    query_text(request) + '\n';
  for (const auto& [name, value] : headers) out.append(name).append(":").append(value).append("\n");
  return out + '\n' + names_of(headers) + '\n' + net::hex(net::sha256(request.body));
}

std::string signature(const std::string& canonical, const AwsKeys& keys, const SigningScope& scope,
                      WallTime when) {
  const std::string to_sign = std::string(kAlgorithm) + '\n' + stamp(when) + '\n' +
                              scope_text(scope, when) + '\n' + net::hex(net::sha256(canonical));
  return net::hex(net::hmac_sha256(net::as_key(signing_key(keys, scope, when)), to_sign));
}

std::vector<std::string> sign(const AwsRequest& request, const AwsKeys& keys,
                              const SigningScope& scope, WallTime when) {
  std::vector<std::string> lines{"X-Amz-Date: " + stamp(when)};
  if (!keys.session_token.empty()) lines.push_back("X-Amz-Security-Token: " + keys.session_token);
  const std::string canonical = canonical_request(request, keys, when);
  lines.push_back("Authorization: " + std::string(kAlgorithm) +
                  " Credential=" + keys.access_key_id + '/' + scope_text(scope, when) +
                  ", SignedHeaders=" + names_of(signed_headers(request, keys, when)) +
                  ", Signature=" + signature(canonical, keys, scope, when));
  return lines;
}

}  // namespace upstream
