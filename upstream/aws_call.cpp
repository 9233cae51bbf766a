#include "upstream/aws_call.h"

#include <algorithm>
#include <optional>

#include "dnsd/dns/lowered.h"
#include "upstream/endpoint.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::optional<int> digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return {};
}

/// %XX as the byte; a percent sign that stands alone stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? digit(text[i + 1]) : std::nullopt;
    const auto low = high ? digit(text[i + 2]) : std::nullopt;
    out += low ? static_cast<char>(*high * 16 + *low) : text[i];
    if (low) i += 2;
  }
  return out;
}

/// `a=b&c=d`
Pairs read_query(std::string_view text) {
  Pairs pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(decoded(pair.substr(0, equals)),
                       decoded(pair.substr(std::min(equals + 1, pair.size()))));
  }
  return pairs;
}

/// As it goes into the `Host` header: without the scheme's own port.
std::string host_line(const Endpoint& place, bool tls) {
  Endpoint shown = place;
  shown.host = dns::lowered(shown.host);
  const bool standard = place.port == (tls ? 443 : 80);
  if (standard) shown.port = 0;
  const bool v6 = shown.host.find(':') != std::string::npos;
  return shown.port == 0 && v6 ? '[' + shown.host + ']' : to_text(shown);
}

}  // namespace

dns::Result<AwsCall> aws_call(const std::string& url) {
  const std::size_t colon = std::min(url.find("://"), url.size());
  const std::string scheme = dns::lowered(url.substr(0, colon));
  const auto place = endpoint_from_url(url);
  if (!place || (scheme != "http" && scheme != "https"))
    return dns::Error{"expected a URL with http:// or https:// and a host, found " +
                      in_quotes(url)};
  AwsCall call;
  call.request.host = host_line(*place, scheme == "https");
  call.origin = scheme + "://" + call.request.host;
  const std::string_view rest =
      std::string_view(url).substr(std::min(url.find_first_of("/?#", colon + 3), url.size()));
  const std::string_view sent = rest.substr(0, rest.find('#'));
  const std::size_t mark = std::min(sent.find('?'), sent.size());
  if (mark > 0) call.request.path = sent.substr(0, mark);
  call.request.query = read_query(sent.substr(std::min(mark + 1, sent.size())));
  return call;
}

std::string lack_of(const AwsCall& call) {
  if (call.request.host.empty()) return "expected a URL with http:// or https:// and a host";
  if (call.scope.region.empty()) return "the AWS region is not known: set AWS_REGION";
  return {};
}

net::HttpRequest signed_request(const AwsCall& call, const AwsKeys& keys, WallTime when) {
  net::HttpRequest request;
  const std::string query = query_text(call.request);
  request.url = call.origin + call.request.path + (query.empty() ? "" : "?" + query);
  request.method = call.request.method;
  request.body = call.request.body;
  request.timeout = call.timeout;
  request.max_body = call.max_body;
  request.headers = sign(call.request, keys, call.scope, when);
  request.headers.insert(request.headers.end(), call.more_headers.begin(), call.more_headers.end());
  request.headers.push_back("Host: " + call.request.host);
  for (const auto& [name, value] : call.request.headers)
    request.headers.emplace_back(name).append(": ").append(value);
  return request;
}

}  // namespace upstream
