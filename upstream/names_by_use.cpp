#include "upstream/names_by_use.h"

namespace upstream {

void NamesByUse::use(const LookupKey& key, bool has_service, dns::Time now) {
  remove(key);
  const Place place{has_service, ++last_turn_};
  order_.emplace(place, Use{key, now});
  places_.emplace(key, place);
}

void NamesByUse::remove(const LookupKey& key) {
  const auto found = places_.find(key);
  if (found == places_.end()) return;
  order_.erase(found->second);
  places_.erase(found);
}

std::optional<LookupKey> NamesByUse::first_to_go() const {
  if (order_.empty()) return std::nullopt;
  return order_.begin()->second.key;
}

std::optional<LookupKey> NamesByUse::unused_since(dns::Time time) const {
  if (order_.empty()) return std::nullopt;
  const auto& [place, use] = *order_.begin();
  if (place.first || use.when >= time) return std::nullopt;
  return use.key;
}

}  // namespace upstream
