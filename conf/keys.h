// Every key that a user can set, in one table: the file, the environment and
// the error messages are all read off it, and nothing lists a key twice.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conf/config.h"
#include "conf/problems.h"
#include "conf/value.h"

namespace conf {

/// Reads `value` into its place in `config`; of an array of tables, into entry
/// `entry`, which exists. A value that cannot be read changes nothing.
using Set = void (*)(Config& config, std::size_t entry, const Value& value, Problems& problems);

/// Which part of a value has no effect yet, since its feature is still to come:
/// nothing when all of it has. An empty part means the key as a whole.
using Lacks = std::optional<std::string> (*)(const Value& value);

/// Types of catalog, as a set of bits.
using CatalogTypes = std::uint8_t;
constexpr CatalogTypes of_type(Catalog::Type type) {
  return static_cast<CatalogTypes>(1U << static_cast<unsigned>(type));
}

enum class Kind : std::uint8_t {
  plain,
  path,  // of a file: a relative one starts at the configuration file's folder
};

struct Key {
  std::string_view section;  // "listen", "health.probe"
  std::string_view name;
  Set set;
  Lacks lacks;
  CatalogTypes types;  // the catalogs that take it; every one for keys of other sections
  Kind kind;

  /// `listen.addresses`
  std::string full_name() const;
};

struct Section {
  std::string_view name;
  std::size_t (*add)(Config&);  // appends an entry and returns its index; null: no array of tables

  bool is_array() const { return add != nullptr; }
};

std::span<const Key> keys();
std::span<const Section> sections();

/// Null when there is none.
const Section* find_section(std::string_view name);
const Key* find_key(std::string_view section, std::string_view name);

std::vector<std::string> section_names();
/// With the arrays of tables inside it: `probe` is in `health`.
std::vector<std::string> key_names(std::string_view section);
/// `file and builtin`
std::string names_of(CatalogTypes types);
std::string_view name_of(Catalog::Type type);

}  // namespace conf
