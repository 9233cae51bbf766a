#include "conf/settings.h"

#include <algorithm>
#include <utility>

namespace conf {

std::size_t Settings::count(const Section& section) const {
  return static_cast<std::size_t>(std::ranges::count(entries, &section, &Entry::section));
}

std::size_t Settings::begin_entry(const Section& section, Place place) {
  const std::size_t index = count(section);
  entries.push_back({&section, index, std::move(place)});
  return index;
}

const Setting* Settings::last(std::string_view section, std::string_view key,
                              std::size_t entry) const {
  const auto match = [wanted = find_key(section, key), entry](const Setting& set) {
    return set.key == wanted && set.entry == entry;
  };
  const auto found = std::find_if(list.rbegin(), list.rend(), match);
  return found == list.rend() ? nullptr : &*found;
}

void Settings::clear(const Section& section) {
  std::erase_if(entries, [&](const Entry& entry) { return entry.section == &section; });
  std::erase_if(list, [&](const Setting& set) { return set.key->section == section.name; });
}

}  // namespace conf
