// All that somebody set, in order of rising precedence: file, environment,
// command line. Reading it into a `Config` is conf/apply.h.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "conf/keys.h"
#include "conf/value.h"

namespace conf {

/// One key with a value.
struct Setting {
  const Key* key = nullptr;
  std::size_t entry = 0;  // of an array of tables, from 0
  Value value;
};

/// One entry of an array of tables, and where it was begun.
struct Entry {
  const Section* section = nullptr;
  std::size_t index = 0;
  Place place;
};

struct Settings {
  std::vector<Setting> list;
  std::vector<Entry> entries;

  /// How many entries `section` has so far.
  std::size_t count(const Section& section) const;
  /// Begins the next entry of `section` and returns its index.
  std::size_t begin_entry(const Section& section, Place place);
  /// The setting of a key that counts: the last. Null when nobody set it.
  const Setting* last(std::string_view section, std::string_view key, std::size_t entry) const;
  /// Forgets every entry of `section` with all that was set in it.
  void clear(const Section& section);
};

}  // namespace conf
