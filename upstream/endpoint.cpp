#include "upstream/endpoint.h"

#include <algorithm>
#include <charconv>

#include "dnsd/dns/address.h"
#include "dnsd/dns/lowered.h"

namespace upstream {
namespace {

constexpr std::size_t kMaxHost = 253;  // a name of 255 bytes on the wire
constexpr std::size_t kMaxLabel = 63;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_number(std::string_view label) {
  return std::all_of(label.begin(), label.end(), is_digit);
}

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxHost) return false;
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return !is_number(label);
    text.remove_prefix(dot + 1);
  }
}

bool is_address(std::string_view text) {
  return dns::IpAddress::from_text(text).ok();
}

std::optional<std::uint16_t> port_from(std::string_view text) {
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, port);
  if (text.empty() || problem != std::errc() || stop != end || port == 0) return {};
  return port;
}

std::string_view without_last_dot(std::string_view host) {
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  return host;
}

/// What stands between the brackets of `[v6]`, with `rest` after them.
std::optional<std::string_view> bracketed(std::string_view text, std::string_view& rest) {
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return {};
  rest = text.substr(close + 1);
  const std::string_view inside = text.substr(1, close - 1);
  if (inside.find(':') == std::string_view::npos || !is_address(inside)) return {};
  return inside;
}

/// `host`, `[v6]`, either with `:port`; `:` alone is as no port (RFC 3986, 3.2.3).
std::optional<Endpoint> from_authority(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text.substr(0, text.find(':'));
  std::string_view rest = text.substr(host.size());
  if (text.substr(0, 1) == "[") {
    const auto inside = bracketed(text, rest);
    if (!inside) return {};
    host = *inside;
  }
  host = without_last_dot(host);
  if (!is_host(host)) return {};
  if (rest.empty() || rest == ":") return Endpoint{std::string(host), default_port};
  const auto port = rest.front() == ':' ? port_from(rest.substr(1)) : std::nullopt;
  if (!port) return {};
  return Endpoint{std::string(host), *port};
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

std::uint16_t port_of_scheme(std::string_view scheme) {
  const std::string folded = dns::lowered(scheme);
  if (folded == "https" || folded == "wss") return 443;
  return folded == "http" || folded == "ws" ? 80 : 0;
}

}  // namespace

bool is_host(std::string_view text) {
  return is_host_name(text) || is_address(text);
}

std::optional<Endpoint> endpoint_from_url(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return {};
  const std::string_view after = text.substr(colon + 3);
  std::string_view authority = after.substr(0, after.find_first_of("/?#\\"));
  const std::size_t user = authority.rfind('@');
  if (user != std::string_view::npos) authority.remove_prefix(user + 1);
  return from_authority(authority, port_of_scheme(text.substr(0, colon)));
}

std::optional<Endpoint> endpoint_from_instance_id(std::string_view text) {
  if (text.find("://") != std::string_view::npos) return endpoint_from_url(text);
  auto endpoint = from_authority(text, 0);
  if (!endpoint || endpoint->port == 0) return {};
  return endpoint;
}

std::string to_text(const Endpoint& endpoint) {
  if (endpoint.port == 0) return endpoint.host;
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + endpoint.host + "]" : endpoint.host;
  return host + ":" + std::to_string(endpoint.port);
}

}  // namespace upstream
