#include "dnsd/net/http_proxy.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "dnsd/dns/address.h"
#include "dnsd/dns/lowered.h"

namespace net {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? "" : value;
}

std::string either(const char* name, const char* capitals) {
  const std::string value = variable(name);
  return value.empty() ? variable(capitals) : value;
}

/// The next of the entries that commas or spaces divide; empty at the end.
std::string_view take_entry(std::string_view& list) {
  const std::size_t start = std::min(list.find_first_not_of(", \t"), list.size());
  list.remove_prefix(start);
  const std::string_view entry = list.substr(0, list.find_first_of(", \t"));
  list.remove_prefix(entry.size());
  return entry;
}

bool matches_name(std::string_view entry, const std::string& host) {
  const std::size_t start = std::min(entry.find_first_not_of('.'), entry.size());
  const std::string suffix = dns::lowered(entry.substr(start));
  if (suffix.empty() || host.size() < suffix.size()) return false;
  const std::size_t before = host.size() - suffix.size();
  return host.compare(before, suffix.size(), suffix) == 0 &&
         (before == 0 || host[before - 1] == '.');
}

bool matches(std::string_view entry, const std::string& host) {
  const auto address = dns::IpAddress::from_text(host);
  if (!address.ok()) return matches_name(entry, host);
  const auto prefix = dns::Prefix::from_text(entry);
  return prefix.ok() && prefix.value().contains(address.value());
}

bool is_exception(std::string_view list, const std::string& host) {
  if (list == "*") return true;
  for (auto entry = take_entry(list); !entry.empty(); entry = take_entry(list)) {
    if (matches(entry, host)) return true;
  }
  return false;
}

}  // namespace

ProxySettings ProxySettings::from_environment() {
  return {variable("http_proxy"), either("https_proxy", "HTTPS_PROXY"),
          either("all_proxy", "ALL_PROXY"), either("no_proxy", "NO_PROXY")};
}

std::string proxy_for(const ProxySettings& settings, const std::string& scheme,
                      const std::string& host) {
  if (is_exception(settings.exceptions, dns::lowered(host))) return "";
  const std::string& own = scheme == "https" ? settings.https : settings.http;
  return own.empty() ? settings.all : own;
}

}  // namespace net
