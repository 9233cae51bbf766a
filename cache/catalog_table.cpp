#include "cache/catalog_table.h"

#include <algorithm>
#include <new>

#include "dnsd/dns/near.h"

namespace cache {

const View* TableService::version(std::string_view wanted) const {
  for (const View& view : versions) {
    if (view.version == wanted) return &view;
  }
  return nullptr;
}

const std::string& TableService::why_held() const {
  const auto held = std::find_if(told.begin(), told.end(),
                                 [](const auto& service) { return !service->held.empty(); });
  return (*held)->held;
}

const RecordSet* Node::find(dns::Type type) const {
  for (const RecordSet& set : records) {
    if (set.type == type) return &set;
  }
  return nullptr;
}

std::shared_ptr<Node> make_node(dns::NameView name) {
  void* room = ::operator new(sizeof(Node) + name.size());
  char* bytes = static_cast<char*>(room) + sizeof(Node);
  std::copy(name.begin(), name.end(), bytes);
  auto* node = new (room) Node;
  node->name = {bytes, name.size()};
  return {node, [](Node* spent) {
            spent->~Node();
            ::operator delete(spent);
          }};
}

std::uint64_t hash_address(const dns::IpAddress& ip) {
  return dns::hash_name({reinterpret_cast<const char*>(ip.data()), ip.size()}, dns::hash_seed());
}

const Node* CatalogTable::find(dns::NameView name, std::uint64_t hash) const {
  const NameShard& shard = names_[shard_of(hash)];
  if (shard.count == 0) return nullptr;
  const std::size_t mask = shard.count - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = shard.begin()[at];
    if (!slot.node) return nullptr;
    if (slot.hash == hash && slot.node->name == name) return slot.node.get();
  }
}

void CatalogTable::bring_near(std::uint64_t hash, unsigned step) const {
  const NameShard& shard = names_[shard_of(hash)];
  if (shard.count == 0) return;
  const Slot& slot = shard.begin()[hash & (shard.count - 1)];
  if (step == 0) return dns::bring_near(&slot, sizeof slot);
  const Node* node = slot.hash == hash ? slot.node.get() : nullptr;
  if (node == nullptr) return;
  if (step == 1) return dns::bring_near(node, sizeof *node + node->name.size());
  const TableService* service = node->service.get();
  if (service == nullptr) return;
  if (step == 2) return dns::bring_near(service, &service->all.serving);  // what answers read
  const View& view = service->all;
  dns::bring_near(view.candidates.data(), view.candidates.size() * sizeof(Candidate));
  dns::bring_near(view.records.data(), view.records.size());
}

const Node* CatalogTable::find(dns::NameView name) const {
  return find(name, dns::hash_name(name, dns::hash_seed()));
}

const AddressUse* CatalogTable::find(const dns::IpAddress& ip) const {
  const auto& shard = addresses_[shard_of(hash_address(ip))];
  if (!shard) return nullptr;
  const auto at = std::lower_bound(
      shard->begin(), shard->end(), ip,
      [](const AddressUse& use, const dns::IpAddress& wanted) { return use.ip < wanted; });
  return at != shard->end() && at->ip == ip ? &*at : nullptr;
}

}  // namespace cache
