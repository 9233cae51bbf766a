#include "upstream/http_lookup_url.h"

#include <algorithm>
#include <utility>

#include "cache/service_name.h"
#include "dnsd/dns/lowered.h"

namespace upstream {
namespace {

using Dialect = conf::Catalog::Dialect;

/// A name and version as the catalog spells them.
struct Spelling {
  std::string name;
  std::string version;
  bool configured = false;
};

bool is_safe(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '_' || c == '-';
}

/// Whether it stands for itself in a path: safe letters, and no step to another folder.
bool is_plain_segment(std::string_view text) {
  const bool dots = text == "." || text == "..";
  return !text.empty() && !dots && std::all_of(text.begin(), text.end(), is_safe);
}

Spelling spelling_of(const conf::Catalog& catalog,
                     const std::pair<std::string, std::string>& service) {
  if (catalog.dialect == Dialect::service) return {service.first, "", true};
  return {service.first, service.second.empty() ? catalog.default_version : service.second, true};
}

LookupKey key_of(const Spelling& spelling) {
  return {cache::canonical_service(spelling.name), dns::lowered(spelling.version)};
}

/// A default version is a configured spelling too, whatever name it goes with.
Spelling spell(const conf::Catalog& catalog, const LookupKey& key) {
  for (const auto& service : catalog.services) {
    Spelling spelling = spelling_of(catalog, service);
    if (key_of(spelling) == key) return spelling;
  }
  const bool standard = key.version == dns::lowered(catalog.default_version);
  return {key.service, standard ? catalog.default_version : key.version, false};
}

std::string without_last_slash(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url;
}

}  // namespace

std::vector<LookupKey> configured_keys(const conf::Catalog& catalog) {
  std::vector<LookupKey> keys;
  for (const auto& service : catalog.services)
    keys.push_back(key_of(spelling_of(catalog, service)));
  return keys;
}

std::optional<std::string> http_lookup_url(const conf::Catalog& catalog, const LookupKey& key) {
  const Spelling spelling = spell(catalog, key);
  const std::string base = without_last_slash(catalog.url);
  if (catalog.dialect == Dialect::service) {
    return base + "/service?service_id=" + percent_encode(spelling.name);
  }
  const bool plain = is_plain_segment(spelling.name) && is_plain_segment(spelling.version);
  if (!plain && !spelling.configured) return std::nullopt;
  return base + "/catalog/" + percent_encode(spelling.name) + "/" +
         percent_encode(spelling.version);
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (is_safe(c)) {
      out += c;
    } else {
      out += {'%', kDigits[byte >> 4], kDigits[byte & 0xf]};
    }
  }
  return out;
}

}  // namespace upstream
