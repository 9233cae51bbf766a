#include "cache/address_uses.h"

#include <algorithm>

namespace cache {
namespace {

bool is_address_type(dns::Type type) {
  return type == dns::Type::A || type == dns::Type::AAAA;
}

/// The address in an A or AAAA record's RDATA; nothing when it has not its length.
std::optional<dns::IpAddress> address_in(dns::Type type, const std::vector<std::uint8_t>& rdata) {
  if (type == dns::Type::A && rdata.size() == 4) {
    return dns::IpAddress::v4({rdata[0], rdata[1], rdata[2], rdata[3]});
  }
  if (type != dns::Type::AAAA || rdata.size() != 16) return std::nullopt;
  std::uint8_t bytes[16];
  std::copy(rdata.begin(), rdata.end(), bytes);
  return dns::IpAddress::v6(bytes);
}

}  // namespace

void AddressChanges::note(const dns::IpAddress& ip, int sign, std::string_view owner) {
  changes_.push_back({CatalogTable::shard_of(hash_address(ip)), ip, sign, owner});
}

void AddressChanges::note(const Node& node, int sign) {
  if (node.service) {
    for (const TableInstance& instance : node.service->instances) {
      if (instance.has_address) note(instance.ip, sign, {});
    }
  }
  for (const RecordSet& set : node.records) {
    if (!is_address_type(set.type) || is_wildcard(node.name)) continue;
    for (const auto& rdata : set.rdatas) {
      if (const auto ip = address_in(set.type, rdata)) note(*ip, sign, node.name);
    }
  }
}

void AddressChanges::apply(CatalogTable& next) {
  std::stable_sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
    return a.shard != b.shard ? a.shard < b.shard : a.ip < b.ip;
  });
  static const CatalogTable::AddressShard kNone;
  for (auto from = changes_.cbegin(); from != changes_.cend();) {
    const auto to = std::find_if(from, changes_.cend(),
                                 [&](const Change& change) { return change.shard != from->shard; });
    auto& shard = next.addresses_[from->shard];
    const std::size_t before = shard ? shard->size() : 0;
    if (auto made = merged(shard ? *shard : kNone, from, to)) shard = std::move(made);
    next.addresses_used_ += (shard ? shard->size() : 0) - before;
    from = to;
  }
}

/// Null: all is as it was, like most of a service that was made anew.
std::shared_ptr<const CatalogTable::AddressShard> AddressChanges::merged(
    const CatalogTable::AddressShard& old, Changes::const_iterator from,
    Changes::const_iterator to) {
  auto shard = std::make_shared<CatalogTable::AddressShard>();
  shard->reserve(old.size() + static_cast<std::size_t>(to - from));
  bool differs = false;
  auto stands = old.begin();
  while (from != to) {
    const auto next = std::find_if(from, to, [&](const Change& c) { return c.ip != from->ip; });
    for (; stands != old.end() && stands->ip < from->ip; ++stands) shard->push_back(*stands);
    const bool known = stands != old.end() && stands->ip == from->ip;
    const AddressUse before = known ? *stands++ : AddressUse{from->ip, 0, nullptr};
    AddressUse use = changed(before, from, next);
    differs = differs || use.instances != before.instances || use.owners != before.owners;
    if (use.instances > 0 || use.owners) shard->push_back(std::move(use));
    from = next;
  }
  if (!differs) return nullptr;
  shard->insert(shard->end(), stands, old.end());
  shard->shrink_to_fit();
  return shard;
}

/// `use` after the changes [from, to), all of its address.
AddressUse AddressChanges::changed(AddressUse use, Changes::const_iterator from,
                                   Changes::const_iterator to) {
  const std::vector<std::string> before = use.owners ? *use.owners : std::vector<std::string>();
  std::vector<std::string> owners = before;
  for (; from != to; ++from) {
    if (from->owner.empty()) {
      use.instances += static_cast<std::uint32_t>(from->sign);
    } else if (from->sign < 0) {
      std::erase(owners, from->owner);
    } else {
      owners.emplace_back(from->owner);
    }
  }
  if (owners == before) return use;
  use.owners = owners.empty() ? nullptr
                              : std::make_shared<const std::vector<std::string>>(std::move(owners));
  return use;
}

}  // namespace cache
