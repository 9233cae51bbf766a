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

void AddressChanges::note(const Node& node, int sign) {
  if (node.service) {
    for (const TableInstance& instance : node.service->instances) {
      if (instance.has_address) instances_.emplace_back(instance.ip, sign);
    }
  }
  for (const RecordSet& set : node.records) {
    if (!is_address_type(set.type) || is_wildcard(node.name)) continue;
    for (const auto& rdata : set.rdatas) {
      const auto ip = address_in(set.type, rdata);
      if (!ip) continue;
      Change& change = changes_[*ip];
      (sign > 0 ? change.gained : change.lost).emplace_back(node.name);
    }
  }
}

void AddressChanges::apply(CatalogTable& next) {
  for (const auto& [ip, sign] : instances_) changes_[ip].instances += sign;
  std::map<std::size_t, std::vector<const Changes::value_type*>> by_shard;
  for (const auto& change : changes_) {
    if (change.second.is_none()) continue;
    by_shard[CatalogTable::shard_of(hash_address(change.first))].push_back(&change);
  }
  for (const auto& [index, list] : by_shard) {
    std::map<dns::IpAddress, AddressUse> uses;
    if (const auto& old = next.addresses_[index]) {
      for (const AddressUse& use : *old) uses.emplace(use.ip, use);
    }
    const std::size_t before = uses.size();
    for (const auto* change : list) {
      AddressUse& use = uses[change->first];
      use.ip = change->first;
      apply_change(use, change->second);
      if (use.instances == 0 && !use.owners) uses.erase(change->first);
    }
    auto shard = std::make_shared<CatalogTable::AddressShard>();
    shard->reserve(uses.size());
    for (auto& [ip, use] : uses) shard->push_back(std::move(use));
    next.addresses_used_ += shard->size() - before;
    next.addresses_[index] = std::move(shard);
  }
}

void AddressChanges::apply_change(AddressUse& use, const Change& change) {
  use.instances += static_cast<std::uint32_t>(change.instances);
  if (change.lost.empty() && change.gained.empty()) return;
  std::vector<std::string> owners = use.owners ? *use.owners : std::vector<std::string>();
  for (const std::string& owner : change.lost) std::erase(owners, owner);
  owners.insert(owners.end(), change.gained.begin(), change.gained.end());
  use.owners = owners.empty() ? nullptr
                              : std::make_shared<const std::vector<std::string>>(std::move(owners));
}

}  // namespace cache
