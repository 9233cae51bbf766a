#include "cache/answer_cache.h"

#include <algorithm>

#include "cache/covered_name.h"

namespace cache {
namespace {

constexpr std::size_t kMostShards = 16;
// So that the largest message fits into a shard many times over.
constexpr std::size_t kShardBytesLeast = 1U << 20U;

std::size_t shards_for(std::size_t bytes) {
  std::size_t count = kMostShards;
  while (count > 1 && bytes / count < kShardBytesLeast) count /= 2;
  return count;
}

/// An NXDOMAIN speaks of the question's name unless a CNAME led elsewhere
/// (RFC 6604, 3). One that denies the root is nonsense, and covers nothing.
bool denies_the_name(dns::WireView message) {
  const dns::HeaderView header{message.data()};
  return message[dns::kHeaderSize] != 0 &&
         static_cast<dns::Rcode>(header.rcode()) == dns::Rcode::NXDOMAIN &&
         header.answer_count() == 0;
}

AnswerEntry* make_entry(const AnswerKey& key, const StoredForm& form, dns::Time now) {
  AnswerEntry* entry = AnswerEntry::create(form.wire.size(), form.ttl_places.size());
  if (entry == nullptr) return nullptr;
  entry->stored = now;
  entry->ttl = static_cast<std::uint32_t>(form.ttl.count());
  entry->dnssec_ok = key.dnssec_ok;
  entry->checking_disabled = key.checking_disabled;
  entry->any_type = key.type == kAnyType;
  std::copy(form.ttl_places.begin(), form.ttl_places.end(), entry->ttl_places());
  std::copy(form.wire.begin(), form.wire.end(), entry->wire());
  return entry;
}

}  // namespace

struct alignas(64) AnswerCache::Shard {
  mutable std::mutex lock;
  AnswerShard answers;           // this and all below: guarded by `lock`
  AnswerCacheCounters counters;  // evictions are counted in `answers`
};

AnswerCache::AnswerCache(std::size_t bytes)
    : shards_(std::make_unique<Shard[]>(shards_for(bytes))), shard_count_(shards_for(bytes)) {
  set_limit(bytes);
}

AnswerCache::~AnswerCache() = default;

void AnswerCache::set_limit(std::size_t bytes) {
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::lock_guard held(shards_[i].lock);
    shards_[i].answers.set_limit(bytes / shard_count_);
  }
}

void AnswerCache::set_rules(const AnswerRules& rules) {
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::lock_guard held(shards_[i].lock);
    shards_[i].answers.set_rules(rules);
  }
}

AnswerCache::Shard& AnswerCache::shard_of(std::uint64_t name_hash) const {
  return shards_[name_hash & (shard_count_ - 1)];
}

void AnswerCache::bring_near(std::uint64_t name_hash, std::uint64_t hash, unsigned step) const {
  if (step > 1) return;
  const Shard& shard = shard_of(name_hash);
  const std::lock_guard held(shard.lock);
  shard.answers.bring_near(hash, step);
}

Lookup AnswerCache::copy_exact(const AnswerKey& key, bool asked, dns::Time now, dns::WireSpan room,
                               CachedAnswer& out) {
  Shard& shard = shard_of(key.name_hash);
  const std::lock_guard held(shard.lock);
  AnswerEntry* entry = shard.answers.find(key, now);
  if (entry == nullptr) return Lookup::miss;
  if (entry->expired(now)) {
    out.has_stale = out.has_stale || asked;
    return Lookup::miss;
  }
  ++shard.counters.hits;
  out.size = entry->wire_size;
  out.age = entry->age(now);
  out.ttl = entry->ttl - out.age;
  if (out.size > room.size()) return Lookup::no_room;
  entry->copy_aged(room.data(), out.age);
  out.prefetch = asked && shard.answers.prefetch_due(*entry, now);
  if (out.prefetch) ++shard.counters.prefetches;
  return Lookup::hit;
}

dns::Time AnswerCache::heard(const AnswerKey& key, dns::Time now) const {
  Shard& shard = shard_of(key.name_hash);
  const std::lock_guard held(shard.lock);
  const AnswerEntry* entry = shard.answers.find(key, now);
  return entry != nullptr ? entry->stored : dns::Time::min();
}

Lookup AnswerCache::copy_stale(const AnswerKey& key, dns::Time now, dns::WireSpan room,
                               CachedAnswer& out) {
  AnswerKey denied = key;
  denied.type = kAnyType;
  const AnswerKey& last = heard(denied, now) > heard(key, now) ? denied : key;
  Shard& shard = shard_of(last.name_hash);
  const std::lock_guard held(shard.lock);
  const AnswerEntry* entry = shard.answers.find(last, now);
  if (entry == nullptr) return Lookup::miss;
  out.size = entry->wire_size;
  out.age = entry->age(now);
  out.ttl = kStaleTtl;
  out.stale = true;
  if (out.size > room.size()) return Lookup::no_room;
  entry->copy_with_ttl(room.data(), kStaleTtl);
  ++shard.counters.stale;
  return Lookup::hit;
}

Lookup AnswerCache::copy(const AnswerKey& key, dns::Time now, dns::WireSpan room,
                         CachedAnswer& out) {
  const Lookup exact = copy_exact(key, true, now, room, out);
  if (exact != Lookup::miss) return exact;
  const Lookup denied = copy_nxdomain(key, now, room, out);
  if (denied != Lookup::miss) return denied;
  misses_.fetch_add(1, std::memory_order_relaxed);
  return Lookup::miss;
}

void AnswerCache::set_cuts(std::vector<dns::Name> cuts) {
  const std::lock_guard held(cuts_lock_);
  cuts_ = std::move(cuts);
}

bool AnswerCache::is_cut_between(dns::NameView above, dns::NameView name) const {
  const std::lock_guard held(cuts_lock_);
  return std::any_of(cuts_.begin(), cuts_.end(), [&](const dns::Name& cut) {
    return cut.size() > above.size() && dns::is_within(name, cut.view());
  });
}

Lookup AnswerCache::copy_nxdomain(AnswerKey key, dns::Time now, dns::WireSpan room,
                                  CachedAnswer& out) {
  const AnswerKey asked = key;
  key.type = kAnyType;
  for (; key.name.size() > 1; key.name = dns::parent(key.name)) {
    if (key.name.size() < asked.name.size()) {
      key.name_hash = dns::hash_name(key.name, dns::hash_seed());
    }
    const bool own = key.name.size() == asked.name.size();
    const Lookup found = copy_exact(key, own, now, room, out);
    if (found == Lookup::miss) continue;
    if (is_cut_between(key.name, asked.name)) return Lookup::miss;
    const std::size_t needed = out.size + asked.name.size() - key.name.size();
    if (found == Lookup::hit) out.size = cover_name_below(room, out.size, asked);
    if (found == Lookup::hit && out.size != 0) return Lookup::hit;
    if (needed <= room.size()) return Lookup::miss;
    out.size = needed;
    return Lookup::no_room;
  }
  return Lookup::miss;
}

void AnswerCache::insert(const AnswerKey& key, const StoredForm& form, dns::Time now) {
  AnswerKey kept = key;
  AnswerKey refuted = key;
  (denies_the_name(form.wire) ? kept : refuted).type = kAnyType;
  const bool may_stay = form.ttl.count() > 0;
  AnswerEntry* entry = may_stay ? make_entry(kept, form, now) : nullptr;
  Shard& shard = shard_of(key.name_hash);
  const std::lock_guard held(shard.lock);
  shard.answers.drop(refuted);
  if (!may_stay) shard.answers.drop(kept);  // what was known before is wrong all the same
  if (entry == nullptr) return;
  shard.answers.insert(kept, entry, now);
  ++shard.counters.inserts;
}

HostAddresses AnswerCache::addresses(const AnswerKey& key, dns::Time now, bool stale) {
  AnswerKey denied = key;
  denied.type = kAnyType;
  for (const AnswerKey& one : {key, denied}) {
    Shard& shard = shard_of(one.name_hash);
    const std::lock_guard held(shard.lock);
    AnswerEntry* entry = shard.answers.find(one, now);
    const bool expired = entry != nullptr && entry->expired(now);
    if (entry == nullptr || (expired && !stale)) continue;
    HostAddresses out = read_addresses(entry->view());
    out.ttl = expired ? kStaleTtl : entry->ttl - entry->age(now);
    out.ends_soon = !expired && shard.answers.prefetch_due(*entry, now);
    if (out.ends_soon) ++shard.counters.prefetches;
    return out;
  }
  return {};
}

void AnswerCache::each(dns::Time now, const std::function<void(const HeardAnswer&)>& visit) const {
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::lock_guard held(shards_[i].lock);
    shards_[i].answers.each(now, [&](const AnswerEntry& entry) {
      visit({entry.view(), entry.dnssec_ok, entry.checking_disabled, entry.stored});
    });
  }
}

std::size_t AnswerCache::erase(dns::NameView name) {
  Shard& shard = shard_of(dns::hash_name(name, dns::hash_seed()));
  const std::lock_guard held(shard.lock);
  return shard.answers.erase(name);
}

std::size_t AnswerCache::size_bytes() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::lock_guard held(shards_[i].lock);
    sum += shards_[i].answers.size_bytes();
  }
  return sum;
}

std::size_t AnswerCache::entries() const {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::lock_guard held(shards_[i].lock);
    sum += shards_[i].answers.entries();
  }
  return sum;
}

AnswerCacheCounters AnswerCache::counters() const {
  AnswerCacheCounters sum;
  sum.misses = misses_.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < shard_count_; ++i) {
    const std::lock_guard held(shards_[i].lock);
    sum.hits += shards_[i].counters.hits;
    sum.inserts += shards_[i].counters.inserts;
    sum.evictions += shards_[i].answers.evictions();
    sum.stale += shards_[i].counters.stale;
    sum.prefetches += shards_[i].counters.prefetches;
  }
  return sum;
}

}  // namespace cache
