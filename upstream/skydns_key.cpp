#include "upstream/skydns_key.h"

#include <algorithm>

#include "cache/service_name.h"

namespace upstream {
namespace {

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > dns::kMaxLabel) return false;
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// What a name of these labels is called as a service; empty when it is none:
/// `_tcp` holds services, and a name of doubled underscores would be another's.
std::string service_named(const std::string& name) {
  if (name == "_tcp" || name == "_udp") return "";
  std::string service = cache::canonical_service(name);
  return cache::canonical_service(service) == service ? service : "";
}

/// `_tcp/_web` from `_web._tcp`.
std::string path_from(std::string_view name) {
  std::string path;
  while (!name.empty()) {
    const std::size_t dot = name.rfind('.');
    const std::size_t start = dot == std::string_view::npos ? 0 : dot + 1;
    if (!path.empty()) path += '/';
    path += name.substr(start);
    name = name.substr(0, start == 0 ? 0 : dot);
  }
  return path;
}

}  // namespace

std::optional<std::string_view> SkydnsRange::path_of(std::string_view key) const {
  if (!key.starts_with(folder)) return {};
  return key.substr(folder.size());
}

SkydnsRange skydns_range(std::string_view prefix, const dns::Name& zone) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  std::string below = "/";
  for (dns::NameView rest = zone.view(); rest.size() > 1; rest = dns::parent(rest)) {
    below.insert(0, "/" + std::string(dns::first_label(rest)));
  }
  SkydnsRange range{std::string(prefix) + below, std::string(prefix) + below};
  ++range.end.back();
  return range;
}

std::vector<std::string> services_of(std::string_view path) {
  std::vector<std::string> services;
  std::string name;
  while (!path.empty()) {
    const std::string_view label = path.substr(0, path.find('/'));
    if (!is_label(label)) break;
    name.insert(0, name.empty() ? std::string(label) : std::string(label) + '.');
    const bool is_folder = path.size() > label.size();
    if (name.size() > dns::kMaxName || (!is_folder && !services.empty())) break;
    if (std::string service = service_named(name); !service.empty()) {
      services.push_back(std::move(service));
    }
    path.remove_prefix(std::min(path.size(), label.size() + 1));
  }
  return services;
}

std::vector<std::string> paths_of(std::string_view service) {
  const std::string own(service);
  return {path_from(own), path_from("_" + own + "._tcp"), path_from("_" + own + "._udp")};
}

std::string dotted(std::string_view path) {
  std::string name;
  while (!path.empty()) {
    const std::string_view label = path.substr(0, path.find('/'));
    if (!label.empty())
      name.insert(0, name.empty() ? std::string(label) : std::string(label) + '.');
    path.remove_prefix(std::min(path.size(), label.size() + 1));
  }
  return name;
}

}  // namespace upstream
