#include "cache/restoration.h"

#include <algorithm>

#include "cache/service_name.h"
#include "dnsd/dns/lowered.h"

namespace cache {
namespace {

/// Empty after the last.
std::string_view without_first_label(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
}

}  // namespace

Restoration::Restoration(Catalog& catalog, const dns::Name& zone, const Kept& kept)
    : catalog_(catalog), zone_(zone), below_zone_('.' + zone.to_text()) {
  if (below_zone_.size() > 1) below_zone_.pop_back();  // to_text() writes the last dot
  for (const auto& [source, its] : kept) add(source, *its);
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
}

void Restoration::add(SourceId source, const KeptSource& kept) {
  entries_.reserve(entries_.size() + kept.services.size() + kept.records.size());
  for (const std::string_view bytes : kept.services) {
    const std::string name = canonical_service(read_service_name(bytes));
    entries_.push_back({hash_of(name), bytes, source, false, false});
  }
  for (const std::string_view bytes : kept.records) {
    const std::string name = relative(read_record(bytes).owner.to_text());
    entries_.push_back({hash_of(name), bytes, source, true, false});
  }
}

/// As the table has it, but for a name with an escape: entries then come by the table's shards, and
/// a slice makes few of them anew.
std::uint64_t Restoration::hash_of(std::string_view name) {
  owner_.clear();
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    owner_ += static_cast<char>(label.size());
    owner_ += label;
    name = without_first_label(name);
  }
  owner_ += zone_.view();
  return dns::hash_name(owner_, dns::hash_seed());
}

/// `web` for `web.servicediscovery.internal.`, and for the same without the last dot; empty for a
/// name that is not below the zone.
std::string Restoration::relative(std::string_view name) const {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() <= below_zone_.size()) return {};
  std::string text = dns::lowered(name);
  if (!text.ends_with(below_zone_)) return {};
  text.resize(text.size() - below_zone_.size());
  return canonical_service(text);
}

bool Restoration::restore(std::string_view name) {
  const bool found = take_and_above(name);
  take_leads();
  return found;
}

bool Restoration::restore_some(std::size_t instances) {
  const std::size_t enough = restored_ + instances;
  const auto same_name = [this] { return entries_[next_].hash == entries_[next_ - 1].hash; };
  // A name comes whole: what is published in between may not deny a part of it.
  while (next_ < entries_.size() && (restored_ < enough || same_name())) {
    take(entries_[next_++]);
    take_leads();
  }
  return next_ < entries_.size();
}

void Restoration::take_leads() {
  while (!leads_.empty()) {
    const std::string name = std::move(leads_.back());
    leads_.pop_back();
    take_and_above(name);
  }
}

bool Restoration::take_and_above(std::string_view name) {
  const bool found = take_all_of(name);
  for (name = without_first_label(name); !name.empty(); name = without_first_label(name)) {
    take_all_of(name);
  }
  return found;
}

bool Restoration::take_all_of(std::string_view name) {
  const auto before = [](const Entry& entry, std::uint64_t hash) { return entry.hash < hash; };
  const std::uint64_t hash = hash_of(name);
  const auto first = std::lower_bound(entries_.begin(), entries_.end(), hash, before);
  auto entry = first;
  for (; entry != entries_.end() && entry->hash == hash; ++entry) take(*entry);
  return entry != first;
}

void Restoration::take(Entry& entry) {
  if (std::exchange(entry.taken, true)) return;
  if (entry.is_record) return take(entry.source, read_record(entry.bytes));
  take(entry.source, read_service(entry.bytes));
}

void Restoration::take(SourceId source, Service service) {
  restored_ += 1 + service.instances.size();
  for (const Instance& instance : service.instances) add_lead(instance.host);
  catalog_.restore(source, std::move(service));
}

/// Where the addresses of an instance's host may stand: at its name, or at its first label, where
/// the ECS agent writes those of hosts elsewhere.
void Restoration::add_lead(std::string_view host) {
  std::string name = relative(host);
  if (name.empty() && !dns::IpAddress::from_text(host).ok())
    name = dns::lowered(host.substr(0, host.find('.')));
  if (!name.empty()) leads_.push_back(std::move(name));
}

void Restoration::take(SourceId source, Record record) {
  ++restored_;
  dns::Name alias;
  if (record.type == dns::Type::CNAME && dns::NameReader::read(record.rdata, 0, alias) > 0) {
    std::string name = relative(alias.to_text());
    if (!name.empty()) leads_.push_back(std::move(name));
  }
  catalog_.restore(source, std::move(record));
}

}  // namespace cache
