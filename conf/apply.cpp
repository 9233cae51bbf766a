#include "conf/apply.h"

#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include "conf/catalog_names.h"

namespace conf {
namespace {

/// A key that an entry cannot do without; `types` as in the key table.
struct Needed {
  std::string_view section;
  std::string_view key;
  CatalogTypes types;
};

constexpr CatalogTypes kEvery = 0xff;
constexpr std::array<Needed, 5> kNeeded = {{
    {"catalog", "type", kEvery},
    {"catalog", "path", of_type(Catalog::Type::file) | of_type(Catalog::Type::builtin)},
    {"catalog", "url", of_type(Catalog::Type::http) | of_type(Catalog::Type::signpost)},
    {"forward.zone", "suffix", kEvery},
    {"forward.zone", "upstreams", kEvery},
}};

bool from_command_line(const Place& place) {
  return place.variable.starts_with("--");
}

/// A relative path of file or environment, seen from the file's folder. Paths
/// of the command line start where the user stands, as a shell completes them.
Value resolved(const Setting& set, const std::string& folder) {
  Value value = set.value;
  auto* text = std::get_if<std::string>(&value.held);
  if (set.key->kind != Kind::path || !text || text->empty()) return value;
  if (!from_command_line(value.place)) *text = (std::filesystem::path(folder) / *text).string();
  return value;
}

class Applying {
 public:
  Applying(const Settings& settings, const Surroundings& around, Problems& problems)
      : settings_(settings), around_(around), problems_(problems) {}

  Config config() {
    read_values();
    for (const Entry& entry : settings_.entries) check_needed(entry);
    for (const Setting& set : settings_.list) check_type(set);
    if (problems_.empty()) name_catalogs(settings_, config_.catalogs, problems_);
    return std::move(config_);
  }

 private:
  void read_values() {
    for (const Entry& entry : settings_.entries) entry.section->add(config_);
    types_.resize(config_.catalogs.size());
    for (const Setting& set : settings_.list) read_value(set);
    if (config_.listen.workers == 0) config_.listen.workers = around_.cores;
  }

  void read_value(const Setting& set) {
    const std::size_t before = problems_.size();
    set.key->set(config_, set.entry, resolved(set, around_.folder), problems_);
    const bool is_type = set.key == type_key_ && problems_.size() == before;
    if (is_type) types_[set.entry] = of_type(config_.catalogs[set.entry].type);
  }

  /// What kind of catalog an entry is: none where nobody said it (well), every
  /// one where there are no kinds.
  CatalogTypes type_of(std::string_view section, std::size_t entry) const {
    return section == "catalog" ? types_[entry] : kEvery;
  }

  void check_needed(const Entry& entry) {
    const std::string_view section = entry.section->name;
    for (const Needed& needed : kNeeded) {
      const bool every = needed.types == kEvery;
      if (needed.section != section) continue;
      if (every || (needed.types & type_of(section, entry.index))) check_given(entry, needed.key);
    }
  }

  void check_given(const Entry& entry, std::string_view key) {
    const Setting* set = settings_.last(entry.section->name, key, entry.index);
    if (set && !(set->value.text() && set->value.text()->empty())) return;
    problems_.add(set ? set->value.place : entry.place,
                  "expected [[" + std::string(entry.section->name) + "]] to set '" +
                      std::string(key) + "', found none");
  }

  /// A key that only catalogs of another type take.
  void check_type(const Setting& set) {
    const CatalogTypes type = type_of(set.key->section, set.entry);
    if (type == 0 || (set.key->types & type)) return;
    problems_.add(set.value.place, "expected a key of " + names_of(type) + " catalogs, found '" +
                                       std::string(set.key->name) + "', which only " +
                                       names_of(set.key->types) + " catalogs take");
  }

  const Settings& settings_;
  const Surroundings& around_;
  Problems& problems_;
  const Key* type_key_ = find_key("catalog", "type");
  Config config_;
  std::vector<CatalogTypes> types_;  // one a catalog
};

/// Whether reading `set` leaves everything as it is by default.
bool is_default(const Setting& set) {
  Config fresh;
  for (const Section& section : sections()) {
    if (section.is_array()) section.add(fresh);
  }
  Config changed = fresh;
  Problems ignored;
  set.key->set(changed, 0, set.value, ignored);
  return changed == fresh;
}

std::string lacking(const Setting& set) {
  const auto lack = set.key->lacks(set.value);
  if (!lack || set.value.is_off() || is_default(set)) return "";
  return set.key->full_name() + (lack->empty() ? "" : " ") + *lack + " is not yet in effect";
}

}  // namespace

Config apply(const Settings& settings, const Surroundings& around, Problems& problems) {
  return Applying(settings, around, problems).config();
}

std::vector<std::string> not_yet_in_effect(const Settings& settings, const File& file) {
  std::vector<std::string> warnings;
  for (const Setting& set : settings.list) {
    const std::string sentence = lacking(set);
    if (sentence.empty() || &set != settings.last(set.key->section, set.key->name, set.entry)) {
      continue;
    }
    warnings.push_back(short_place(set.value.place, file) + ": " + sentence);
  }
  return warnings;
}

}  // namespace conf
