#include "upstream/route53_sets.h"

#include <algorithm>
#include <tuple>

namespace upstream {
namespace {

auto key_of(const Route53RecordSet& set) {
  return std::tie(set.owner, set.type, set.identifier);
}

bool comes_before(const Route53RecordSet& a, const Route53RecordSet& b) {
  return key_of(a) < key_of(b);
}

/// Of those with one key the last stays.
void drop_older(std::vector<Route53RecordSet>& sets) {
  const auto again = [](const auto& a, const auto& b) { return key_of(a) == key_of(b); };
  const auto kept = std::unique(sets.rbegin(), sets.rend(), again);
  sets.erase(sets.begin(), kept.base());
}

}  // namespace

Route53Sets::Route53Sets(std::vector<Route53RecordSet> sets) : sets_(std::move(sets)) {
  std::stable_sort(sets_.begin(), sets_.end(), comes_before);
  drop_older(sets_);
  sets_.shrink_to_fit();
  index();
}

void Route53Sets::index() {
  const auto end = sets_.end();
  for (auto first = sets_.begin(); first != end;) {
    const auto last =
        std::find_if(first, end, [&](const auto& set) { return set.owner != first->owner; });
    const dns::NameView owner = first->owner;
    by_owner_.emplace(owner, Group(&*first, static_cast<std::size_t>(last - first)));
    for (dns::NameView name = owner; name.size() > 1;) {
      name = dns::parent(name);
      if (!above_.insert(name).second) break;
    }
    if (!of_type(by_owner_[owner], dns::Type::SOA).empty()) apex_ = owner;
    first = last;
  }
}

Route53Sets::Group Route53Sets::all_of(dns::NameView owner) const {
  const auto found = by_owner_.find(owner);
  return found == by_owner_.end() ? Group() : found->second;
}

Route53Sets::Group Route53Sets::find(dns::NameView owner, dns::Type type) const {
  return of_type(all_of(owner), type);
}

Route53Sets::Group Route53Sets::answer(dns::NameView name, dns::Type type) const {
  const auto stands = [this](dns::NameView owner) {
    return by_owner_.contains(owner) || above_.contains(owner);
  };
  if (stands(name)) return find(name, type);
  dns::NameView closest = name;
  while (closest.size() > 1 && !stands(closest)) closest = dns::parent(closest);
  dns::Name wildcard = dns::Name::from_view(closest);
  return wildcard.push_front("*") ? find(wildcard.view(), type) : Group();
}

Route53Sets::Group of_type(Route53Sets::Group group, dns::Type type) {
  const auto less = [](const auto& a, const auto& b) { return a.type < b.type; };
  Route53RecordSet wanted;
  wanted.type = type;
  const auto [first, last] = std::equal_range(group.begin(), group.end(), wanted, less);
  return group.subspan(static_cast<std::size_t>(first - group.begin()),
                       static_cast<std::size_t>(last - first));
}

}  // namespace upstream
