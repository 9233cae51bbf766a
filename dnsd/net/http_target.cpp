#include "dnsd/net/http_target.h"
#include "dnsd/net/curl_library.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "dnsd/dns/address.h"
#include "dnsd/dns/lowered.h"

namespace net {
namespace {

constexpr std::uint16_t kProxyPort = 1080;  // what curl takes for a proxy without a port
constexpr std::uint16_t kTlsProxyPort = 443;

struct FreeUrl {
  void operator()(CURLU* url) const { curl().url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

/// One part of the URL; empty when it has none.
std::string part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl().url_get(url.get(), which, &text, flags) != CURLUE_OK) return "";
  std::string copy(text);
  curl().free(text);
  return copy;
}

dns::Result<Url> parse(const std::string& text, unsigned flags) {
  Url url(curl().url());
  const CURLUcode problem = curl().url_set(url.get(), CURLUPART_URL, text.c_str(), flags);
  if (problem == CURLUE_OK) return url;
  return dns::Error{curl().url_strerror(problem)};
}

std::string without_brackets(const std::string& host) {
  return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

HttpHost host_of(const Url& url, std::uint16_t standard_port) {
  const std::string port = part(url, CURLUPART_PORT);
  return {dns::lowered(without_brackets(part(url, CURLUPART_HOST))),
          port.empty() ? standard_port : static_cast<std::uint16_t>(std::atoi(port.c_str()))};
}

bool is_plain(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

/// A last dot says what is so anyway, and curl's table of addresses wants none.
void drop_last_dot(const Url& url) {
  std::string host = part(url, CURLUPART_HOST);
  if (!host.ends_with('.')) return;
  host.pop_back();
  curl().url_set(url.get(), CURLUPART_HOST, host.c_str(), 0);
}

std::string without_password(const Url& url) {
  curl().url_set(url.get(), CURLUPART_USER, nullptr, 0);
  curl().url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  return part(url, CURLUPART_URL);
}

/// Adds the proxy's host, and drops the server's unless the proxy wants to hear
/// its address (SOCKS 4 and 5 without the letter that says otherwise).
dns::Result<dns::Done> go_through(const std::string& proxy, HttpTarget& target) {
  auto url = parse(proxy, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
  if (!url.ok())
    return dns::Error{"the proxy '" + proxy + "' of the environment: " + url.error().message};
  const std::string scheme = part(url.value(), CURLUPART_SCHEME);
  if (scheme != "socks4" && scheme != "socks5") target.hosts.clear();
  target.hosts.push_back(host_of(url.value(), scheme == "https" ? kTlsProxyPort : kProxyPort));
  target.proxy = proxy;
  return dns::Done{};
}

}  // namespace

bool HttpHost::is_address() const {
  return dns::IpAddress::from_text(name).ok();
}

bool HttpHost::is_localhost() const {
  return name == "localhost" || name.ends_with(".localhost");
}

dns::Result<HttpTarget> read_http_target(const std::string& text, const ProxySettings& proxies) {
  auto url = parse(text, CURLU_NON_SUPPORT_SCHEME | CURLU_PATH_AS_IS);
  if (!url.ok()) return dns::Error{"'" + text + "' is no URL: " + url.error().message};
  const std::string scheme = part(url.value(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return dns::Error{"expected a URL with http:// or https://, found " + scheme + "://"};
  }
  drop_last_dot(url.value());
  HttpTarget target;
  target.url = part(url.value(), CURLUPART_URL);
  target.hosts.push_back(host_of(url.value(), scheme == "https" ? 443 : 80));
  target.shown = without_password(url.value());
  const std::string host = target.hosts.front().name;
  if (!is_plain(host))
    return dns::Error{"the host of " + target.shown + " is not ASCII: write it as xn--..."};
  const std::string proxy = proxy_for(proxies, scheme, host);
  if (proxy.empty()) return target;
  const auto added = go_through(proxy, target);
  if (!added.ok()) return dns::Error{added.error()};
  return target;
}

}  // namespace net
