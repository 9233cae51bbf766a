#include "cache/catalog.h"

#include <algorithm>
#include <utility>

#include "cache/address_uses.h"
#include "cache/service_name.h"
#include "cache/table_service.h"

namespace cache {
namespace {

std::string bytes_of(dns::NameView name) {
  return std::string(name);
}

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

/// A source that starts anew, after a reload, has forgotten what it said before;
/// while it is away that still is the last good word.
void Catalog::keep_last_good(const std::map<AskedKey, Asked>& versions, const AskedKey& key,
                             AskedState& state) {
  const auto known = versions.find(key);
  if (!state.failed || state.service || known == versions.end()) return;
  const AskedState& before = known->second.state;
  if (!before.service) return;
  state.service = before.service;
  state.fetched = before.fetched;
  state.fresh_until = before.fresh_until;
  state.refresh_at = before.refresh_at;
}

void Catalog::continue_serial(const Catalog& other) {
  auto first = std::make_shared<CatalogTable>();
  first->serial_ = other.last_->serial_;
  last_ = std::move(first);
}

SourceId Catalog::add_listing_source(std::string name) {
  Source source;
  source.info.name = std::move(name);
  sources_.push_back(std::move(source));
  dirty_ = true;
  return static_cast<SourceId>(sources_.size() - 1);
}

SourceId Catalog::add_asking_source(std::string name, std::optional<std::string> default_version) {
  const SourceId id = add_listing_source(std::move(name));
  SourceInfo& info = sources_[id].info;
  info.asking = info.loaded = true;
  info.versions = default_version.has_value();
  info.default_version = default_version.value_or("");
  return id;
}

void Catalog::adopt(SourceId id, const Catalog& other, SourceId from) {
  Source& source = sources_[id];
  const Source& before = other.sources_[from];
  source.services = before.services;
  source.records = before.records;
  source.info.loaded = before.info.loaded;
  source.info.loaded_at = before.info.loaded_at;
  source.info.old_from = before.info.old_from;
  for (const auto& [owner, told] : source.services) touch(owner);
  for (const auto& [owner, set] : source.records) touch(owner);
  for (const auto& [owner, versions] : other.asked_) {
    for (const auto& [key, asked] : versions) {
      if (key.first != from) continue;
      asked_[owner][{id, key.second}] = asked;
      touch(owner);
    }
  }
}

void Catalog::begin_restore(SourceId id, dns::Time loaded_at) {
  Source& source = sources_[id];
  source.restoring = restoring_ = dirty_ = true;
  source.info.loaded_at = loaded_at;
}

void Catalog::restore(SourceId id, Service service) {
  const std::string owner = owner_of(service.name);
  if (!owner.empty()) replace_service(sources_[id], owner, std::move(service));
}

void Catalog::restore(SourceId id, Record record) {
  if (!dns::is_within(record.owner.view(), zone_.name.view())) return;
  const std::string owner = bytes_of(record.owner.view());
  sources_[id].records[owner].push_back(std::move(record));
  touch(owner);
}

void Catalog::end_restore() {
  for (Source& source : sources_) {
    source.info.loaded = source.info.loaded || source.restoring;
    source.restoring = false;
  }
  restoring_ = false;
  dirty_ = true;
}

void Catalog::set_part(SourceId id, CatalogPart part, dns::Time now) {
  Source& source = sources_[id];
  replace_services(source, std::move(part.services));
  replace_records(source, std::move(part.records));
  source.info.loaded = true;
  confirm(id, now);
}

void Catalog::change_services(SourceId id, CatalogDelta delta, dns::Time now) {
  Source& source = sources_[id];
  for (Service& service : delta.services) {
    const std::string owner = owner_of(service.name);
    if (!owner.empty()) replace_service(source, owner, std::move(service));
  }
  for (const std::string& name : delta.gone) {
    const std::string owner = owner_of(name);
    if (source.services.erase(owner) > 0) touch(owner);
  }
  confirm(id, now);
}

void Catalog::confirm(SourceId id, dns::Time now) {
  for (const std::string& owner : health_.aged()) touch(owner);
  SourceInfo& info = sources_[id].info;
  info.loaded_at = now;
  info.failure.clear();
  dirty_ = true;
}

void Catalog::set_old_from(SourceId id, dns::Time when) {
  sources_[id].info.old_from = when;
  dirty_ = true;
}

void Catalog::set_failure(SourceId id, std::string why) {
  sources_[id].info.failure = std::move(why);
  dirty_ = true;
}

void Catalog::set_aside(SourceId id, bool aside) {
  Source& source = sources_[id];
  if (std::exchange(source.info.aside, aside) == aside) return;
  dirty_ = true;
  for (const auto& [owner, told] : source.services) touch(owner);
  for (const auto& [owner, set] : source.records) touch(owner);
}

void Catalog::forget(SourceId id) {
  Source& source = sources_[id];
  set_part(id, {}, dns::Time());
  source.info.loaded = false;
  source.info.old_from = dns::Time::max();
}

void Catalog::set_asked(SourceId source, const std::string& service, const std::string& version,
                        AskedState state) {
  const std::string owner = owner_of(service);
  if (owner.empty()) return;
  auto& versions = asked_[owner];
  keep_last_good(versions, {source, version}, state);
  if (!state.service && !state.absent && !state.failed) {
    versions.erase({source, version});
    if (versions.empty()) asked_.erase(owner);
  } else {
    Asked& asked = versions[{source, version}];
    asked.told = state.service ? std::make_shared<const Service>(*state.service) : nullptr;
    asked.state = std::move(state);
  }
  touch(owner);
}

std::size_t Catalog::names(SourceId id) const {
  const Source& source = sources_[id];
  std::size_t count = source.services.size();
  for (const auto& [owner, set] : source.records) count += source.services.contains(owner) ? 0 : 1;
  if (!source.info.asking) return count;
  for (const auto& [owner, versions] : asked_) {
    count += std::any_of(versions.begin(), versions.end(), [id](const auto& known) {
      return known.first.first == id && known.second.state.service.has_value();
    });
  }
  return count;
}

SourceKnowledge Catalog::knowledge(SourceId id) const {
  const Source& source = sources_[id];
  SourceKnowledge all;
  all.loaded = source.info.loaded;
  all.loaded_at = source.info.loaded_at;
  for (const auto& [owner, told] : source.services) all.services.push_back(told);
  for (const auto& [owner, set] : source.records) {
    all.records.insert(all.records.end(), set.begin(), set.end());
  }
  for (const auto& [owner, versions] : asked_) {
    for (const auto& [key, asked] : versions) {
      if (key.first != id) continue;
      all.names.push_back({relative_text(owner), key.second, asked.state});
    }
  }
  return all;
}

void Catalog::touch(const std::string& owner) {
  changed_.insert(owner);
  dirty_ = true;
}

/// Where a service stands in the zone, whichever way its catalog spells it;
/// empty when that is no name.
std::string Catalog::owner_of(std::string_view service) const {
  const auto owner = dns::Name::from_text(canonical_service(service) + '.' + zone_text_);
  return owner.ok() ? bytes_of(owner.value().view()) : "";
}

/// `time` for `time.servicediscovery.internal.`
std::string Catalog::relative_text(dns::NameView owner) const {
  std::string text = dns::to_text(owner);
  if (text.size() > zone_text_.size() + 1) text.resize(text.size() - zone_text_.size() - 1);
  return text;
}

void Catalog::replace_services(Source& source, std::vector<Service> services) {
  ByName<Service> merged;  // two spellings of one name are one service
  for (Service& service : services) {
    std::string owner = owner_of(service.name);
    if (owner.empty()) continue;
    auto [at, first] = merged.try_emplace(std::move(owner), std::move(service));
    if (first) continue;
    auto& instances = at->second.instances;
    instances.insert(instances.end(), std::make_move_iterator(service.instances.begin()),
                     std::make_move_iterator(service.instances.end()));
    if (service.ttl) at->second.ttl = std::min(at->second.ttl.value_or(*service.ttl), *service.ttl);
  }
  forget_others(source.services, merged);
  for (auto& [owner, service] : merged) replace_service(source, owner, std::move(service));
}

void Catalog::replace_service(Source& source, const std::string& owner, Service service) {
  const auto before = source.services.find(owner);
  if (before != source.services.end() && *before->second == service) return;
  touch(owner);
  service.instances.shrink_to_fit();
  source.services[owner] = std::make_shared<const Service>(std::move(service));
}

void Catalog::replace_records(Source& source, std::vector<Record> records) {
  ByName<Records> next;
  for (Record& record : records) {
    next[bytes_of(record.owner.view())].push_back(std::move(record));
  }
  forget_others(source.records, next);
  for (auto& [owner, set] : next) {
    Records& stands = source.records[owner];
    if (stands == set) continue;
    touch(owner);
    stands = std::move(set);
  }
}

/// Entries stay where they are: new ones would lie scattered where the source's words were read,
/// and keep that memory from going back.
template <typename Value, typename Other>
void Catalog::forget_others(ByName<Value>& all, const ByName<Other>& but) {
  std::erase_if(all, [&](const auto& known) {
    const bool goes = !but.contains(known.first);
    if (goes) touch(known.first);
    return goes;
  });
}

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
    std::uint32_t& count = below_[bytes_of(above)];
    const bool had = count > 0;
    count = static_cast<std::uint32_t>(static_cast<int>(count) + change);
    if (had != (count > 0)) changed_.insert(bytes_of(above));
    if (count == 0) below_.erase(bytes_of(above));
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
