#include "conf/catalog_names.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "conf/nearest.h"

namespace conf {
namespace {

/// What a user wrote for `key` of entry `entry`; empty when nothing.
std::string written(const Settings& settings, std::string_view key, std::size_t entry) {
  const Setting* set = settings.last("catalog", key, entry);
  return set && set->value.text() ? *set->value.text() : "";
}

std::string place_of(const Settings& settings, const Catalog& catalog, std::size_t entry) {
  switch (catalog.type) {
    case Catalog::Type::file:
    case Catalog::Type::builtin:
      return written(settings, "path", entry);
    case Catalog::Type::http:
    case Catalog::Type::signpost:
      return catalog.url;
    case Catalog::Type::route53:
      return catalog.zone;
    case Catalog::Type::etcd:
      return catalog.endpoints.front();
  }
  return "";
}

std::string default_name(const Settings& settings, const Catalog& catalog, std::size_t entry) {
  const std::string place = place_of(settings, catalog, entry);
  return std::string(name_of(catalog.type)) + (place.empty() ? "" : ":" + place);
}

std::vector<std::string> names_before(const std::vector<Catalog>& catalogs, std::size_t end) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < end; ++i) names.push_back(catalogs[i].name);
  return names;
}

/// Where entry `entry` is best blamed: its key `key`, or where it begins.
Place blamed(const Settings& settings, std::string_view key, std::size_t entry) {
  if (const Setting* set = settings.last("catalog", key, entry)) return set->value.place;
  const auto begun = std::ranges::find_if(settings.entries, [&](const Entry& e) {
    return e.section->name == "catalog" && e.index == entry;
  });
  return begun->place;
}

void check_unique(const Settings& settings, const std::vector<Catalog>& catalogs, std::size_t entry,
                  Problems& problems) {
  const auto before = names_before(catalogs, entry);
  if (std::ranges::find(before, catalogs[entry].name) == before.end()) return;
  problems.add(
      blamed(settings, "name", entry),
      "expected a 'name' that no other catalog has, found '" + catalogs[entry].name + "' again");
}

/// What is wrong with entry `entry` as a standby of `primary`; empty: nothing.
std::string why_no_standby(const Catalog& standby, const Catalog& primary) {
  if (standby.type == Catalog::Type::http || primary.type == Catalog::Type::http)
    return "expected two catalogs that list their names, found one of type 'http', which is asked "
           "name by name";
  if (primary.standby_for.empty()) return "";
  return "expected a catalog that is no standby itself, found '" + primary.name +
         "', which stands by for '" + primary.standby_for + "'; name that one";
}

void check_standby(const Settings& settings, const std::vector<Catalog>& catalogs,
                   std::size_t entry, Problems& problems) {
  const std::string& wanted = catalogs[entry].standby_for;
  if (wanted.empty()) return;
  auto others = names_before(catalogs, catalogs.size());
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(entry));
  std::string problem;
  if (std::ranges::find(others, wanted) == others.end()) {
    problem = "expected the name of another catalog, found '" + wanted + "'" +
              did_you_mean(wanted, others);
  } else {
    problem = why_no_standby(catalogs[entry], *std::ranges::find(catalogs, wanted, &Catalog::name));
  }
  if (!problem.empty()) problems.add(blamed(settings, "standby_for", entry), problem);
}

}  // namespace

void name_catalogs(const Settings& settings, std::vector<Catalog>& catalogs, Problems& problems) {
  for (std::size_t i = 0; i < catalogs.size(); ++i) {
    if (catalogs[i].name.empty()) catalogs[i].name = default_name(settings, catalogs[i], i);
    check_unique(settings, catalogs, i, problems);
  }
  for (std::size_t i = 0; i < catalogs.size(); ++i) check_standby(settings, catalogs, i, problems);
}

}  // namespace conf
