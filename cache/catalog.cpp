// What the sources say. The table that is made of it: catalog_making.cpp.
#include "cache/catalog.h"

#include <algorithm>
#include <utility>

#include "cache/service_name.h"

namespace cache {
namespace {

std::string bytes_of(dns::NameView name) {
  return std::string(name);
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

}  // namespace cache
