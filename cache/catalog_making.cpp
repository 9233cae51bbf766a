// The table that is made of what the sources say: what changed is made anew, the rest is shared.
#include <algorithm>
#include <utility>

#include "cache/address_uses.h"
#include "cache/catalog.h"
#include "cache/service_name.h"
#include "cache/table_service.h"

namespace cache {
namespace {

AskedVersion asked_version(SourceId source, const std::string& version, const AskedState& state) {
  AskedVersion asked;
  asked.source = source;
  asked.version = version;
  asked.has_data = state.service.has_value();
  asked.absent = state.absent;
  asked.failed = state.failed;
  asked.connected = state.connected;
  asked.fetched = state.fetched;
  asked.fresh_until = state.fresh_until;
  asked.refresh_at = state.refresh_at;
  asked.retry_at = state.retry_at;
  asked.why = state.why;
  return asked;
}

}  // namespace

CatalogSnapshot Catalog::table(dns::Time now) {
  for (const std::string& owner : health_.due(now)) touch(owner);
  if (!dirty_) return last_;
  auto next = std::make_shared<CatalogTable>(*last_);
  std::pmr::monotonic_buffer_resource room;
  const NodeChanges nodes = make_changed(now, room);
  AddressChanges addresses;
  for (const auto& [owner, node] : nodes) {
    made_.emplace_back(owner);
    const Node* before = last_->find(owner);
    if (before != nullptr) {
      addresses.note(*before, -1);
      count_node(*next, *before, -1);
    }
    if (!node) continue;
    addresses.note(*node, 1);
    count_node(*next, *node, 1);
  }
  replace_nodes(*next, nodes);
  addresses.apply(*next);
  next->sources_.clear();
  next->old_from_ = dns::Time::max();
  for (const Source& source : sources_) {
    next->sources_.push_back(source.info);
    if (source.info.aside) next->sources_.back().old_from = dns::Time::max();
    next->old_from_ = std::min(next->old_from_, next->sources_.back().old_from);
  }
  next->restoring_ = restoring_;
  next->incomplete_ =
      restoring_ || std::any_of(sources_.begin(), sources_.end(),
                                [](const Source& source) { return source.awaited(); });
  next->asks_ = std::any_of(sources_.begin(), sources_.end(),
                            [](const Source& source) { return source.info.asking; });
  ++next->serial_;
  dirty_ = false;
  last_ = std::move(next);
  return last_;
}

Catalog::NodeChanges Catalog::make_changed(dns::Time now, std::pmr::memory_resource& room) {
  NodeChanges made(&room);
  while (!changed_.empty()) {
    const std::string owner = std::move(changed_.extract(changed_.begin()).value());
    auto node = make_node(owner, now);
    const auto [at, first] = made.try_emplace(std::pmr::string(owner, &room));
    const Node* before = first ? last_->find(owner) : at->second.get();
    const auto has_own = [](const Node* n) { return n && (n->service || !n->records.empty()); };
    if (has_own(node.get()) && !has_own(before)) count_below(owner, 1);
    if (!has_own(node.get()) && has_own(before)) count_below(owner, -1);
    at->second = std::move(node);
  }
  return made;
}

/// A name that comes or goes makes its ancestors empty non-terminals or not.
void Catalog::count_below(const std::string& owner, int change) {
  for (dns::NameView above = dns::parent(owner); above.size() > zone_.name.size();
       above = dns::parent(above)) {
    std::uint32_t& count = below_[std::string(above)];
    const bool had = count > 0;
    count = static_cast<std::uint32_t>(static_cast<int>(count) + change);
    if (had != (count > 0)) changed_.insert(std::string(above));
    if (count == 0) below_.erase(std::string(above));
  }
}

std::shared_ptr<const Node> Catalog::make_node(const std::string& owner, dns::Time now) {
  auto node = cache::make_node(owner);
  node->records = make_records(owner);
  node->below = below_.contains(owner);
  const Node* before = last_->find(owner);
  node->service = make_service(owner, before ? before->service.get() : nullptr, now);
  const bool stands = node->service || !node->records.empty() || node->below;
  return stands ? node : nullptr;
}

std::shared_ptr<const TableService> Catalog::make_service(const std::string& owner,
                                                          const TableService* before,
                                                          dns::Time now) {
  TableServiceBuilder builder(relative_text(owner), zone_, health_, owner, before, now);
  bool any = false;
  const auto asked = asked_.find(owner);
  for (SourceId id = 0; id < sources_.size(); ++id) {
    if (const Told told = sources_[id].service_of(owner)) {
      const SourceInfo& info = sources_[id].info;
      const bool old = now >= info.old_from;
      builder.add(ToldService{id, told, true, old ? info.loaded_at : now, info.old_from,
                              was_heard(id, now)});
      any = true;
    }
    if (asked == asked_.end()) continue;
    for (const auto& [key, state] : asked->second) {
      if (key.first != id) continue;
      builder.add(asked_version(id, key.second, state.state));
      const AskedState& word = state.state;
      const bool old = now >= word.fresh_until;
      if (state.told) {
        builder.add(ToldService{id, state.told, false, old ? word.fetched : now, word.fresh_until});
      }
      any = true;
    }
  }
  if (!any) {
    health_.forget(owner);
    return nullptr;
  }
  auto made = builder.build();
  note_turns(before, *made);
  return made;
}

/// Whether the last table had the source's own and fresh word: what it tells now came since.
bool Catalog::was_heard(SourceId id, dns::Time now) const {
  const auto& before = last_->sources();
  return id < before.size() && before[id].loaded && now < before[id].old_from;
}

/// Health that is ignored is said when it begins and when it ends.
void Catalog::note_turns(const TableService* before, const TableService& after) {
  const View& view = after.all;
  if ((before != nullptr && before->all.fail_open) == view.fail_open) return;
  const std::string share = std::to_string(view.healthy) + " of " + std::to_string(view.serving) +
                            " instances are healthy";
  news_.push_back(after.name + ": " + share +
                  (view.fail_open ? ", too few: all are given, whatever their health"
                                  : ": health counts again"));
}

bool Catalog::probed(const std::string& owner, const std::string& instance,
                     const ProbeResult& result, dns::Time now) {
  const Node* node = last_->find(owner);
  if (node == nullptr || !node->service) return false;
  const TableService& service = *node->service;
  const conf::Probe* probe = health_.probe_of(service.name);
  const auto find = [&] {
    return std::find_if(service.instances.begin(), service.instances.end(),
                        [&](const TableInstance& one) { return has_key(*one.told, instance); });
  };
  if (probe == nullptr) return false;
  Status word = Status::unknown;
  if (!health_.knows(owner, instance)) {  // the first result alone walks through the service
    const auto at = find();
    if (at == service.instances.end()) return false;
    word = at->told->status;
  }
  const auto effect = health_.probed(owner, instance, word, result, *probe, now);
  if (effect.turned) {
    const auto at = find();
    news_.push_back(service.name + ": " +
                    (at != service.instances.end() ? at->told->id : instance) +
                    (effect.good ? " is in again" : " is out") + ": " + effect.why);
  }
  if (effect.verdict) touch(owner);
  return effect.verdict;
}

std::vector<RecordSet> Catalog::make_records(const std::string& owner) const {
  std::vector<RecordSet> sets;
  for (SourceId id = 0; id < sources_.size(); ++id) {
    const Records* here = sources_[id].records_of(owner);
    if (here == nullptr) continue;
    for (const Record& record : *here) {
      auto set = std::find_if(sets.begin(), sets.end(),
                              [&](const RecordSet& s) { return s.type == record.type; });
      if (set == sets.end()) set = sets.insert(sets.end(), {record.type, record.ttl, {}, {}});
      set->ttl = std::min(set->ttl, record.ttl);
      const bool known = std::count(set->rdatas.begin(), set->rdatas.end(), record.rdata) > 0;
      if (known) continue;
      set->rdatas.push_back(record.rdata);
      set->tellers.push_back({id, record.origin});
    }
  }
  return sets;
}

void Catalog::count_node(CatalogTable& next, const Node& node, int sign) {
  const auto add = [sign](std::size_t& count, std::size_t n) {
    count = sign > 0 ? count + n : count - n;
  };
  if (is_wildcard(node.name)) add(next.wildcards_, 1);
  if (!node.service || !node.service->known) return;
  add(next.services_, 1);
  add(next.instances_, node.service->instances.size());
  next.largest_ = std::max(next.largest_, node.service->instances.size());
}

void Catalog::replace_nodes(CatalogTable& next, const NodeChanges& nodes) {
  std::map<std::size_t, std::vector<CatalogTable::Slot>> by_shard;
  for (const auto& [owner, node] : nodes) {
    const std::uint64_t hash = dns::hash_name(owner, dns::hash_seed());
    auto& slots = by_shard[CatalogTable::shard_of(hash)];
    if (node) slots.push_back({hash, node});
  }
  for (auto& [index, slots] : by_shard) {
    CatalogTable::NameShard& shard = next.names_[index];
    for (std::size_t i = 0; i < shard.count; ++i) {
      const auto& slot = shard.slots[i];
      if (slot.node && !nodes.contains(slot.node->name)) slots.push_back(slot);
    }
    shard = make_shard(std::move(slots));
  }
}

CatalogTable::NameShard Catalog::make_shard(std::vector<CatalogTable::Slot> taken) {
  if (taken.empty()) return {};
  std::size_t room = 4;
  while (room < taken.size() * 2) room *= 2;
  auto slots = std::make_shared<CatalogTable::Slot[]>(room);
  for (auto& slot : taken) {
    std::size_t at = slot.hash & (room - 1);
    while (slots[at].node) at = (at + 1) & (room - 1);
    slots[at] = std::move(slot);
  }
  return {std::move(slots), room};
}

}  // namespace cache
