#include "cache/answer_shard.h"

#include <algorithm>

#include "dnsd/dns/near.h"

namespace cache {
namespace {

constexpr std::size_t kFirstBuckets = 64;
// The hand spares this many at most in a row, so that no query waits for a walk
// over the whole shard.
constexpr int kLongestSweep = 64;

/// The name in an entry's question, which is uncompressed.
dns::NameView name_of(const AnswerEntry& entry) {
  const std::size_t end = dns::NameReader::skip(entry.view(), dns::kHeaderSize);
  return {reinterpret_cast<const char*>(entry.wire()) + dns::kHeaderSize, end - dns::kHeaderSize};
}

std::uint32_t upper_half(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

AnswerShard::~AnswerShard() {
  while (oldest_ != nullptr) drop(oldest_);
}

void AnswerShard::set_limit(std::size_t bytes) {
  limit_ = bytes;
  make_room(0, dns::Time());
}

AnswerEntry* AnswerShard::find_any_age(const AnswerKey& key, std::uint32_t hash) {
  if (buckets_.empty()) return nullptr;
  AnswerEntry* entry = bucket(hash);
  while (entry != nullptr && (entry->hash != hash || !entry->answers(key))) {
    entry = entry->next_in_bucket;
  }
  return entry;
}

AnswerEntry* AnswerShard::find(const AnswerKey& key, dns::Time now) {
  AnswerEntry* entry = find_any_age(key, upper_half(key.hash()));
  if (entry == nullptr) return nullptr;
  if (entry->expired(now - rules_.stale_for)) {
    drop(entry);
    return nullptr;
  }
  entry->visited = true;
  return entry;
}

void AnswerShard::bring_near(std::uint64_t hash, unsigned step) const {
  constexpr std::size_t kWithName = sizeof(AnswerEntry) + 64;  // most names end before that
  if (buckets_.empty()) return;
  AnswerEntry* const& bucket = buckets_[upper_half(hash) & (buckets_.size() - 1)];
  if (step == 0) return dns::bring_near(&bucket, sizeof bucket);
  if (bucket != nullptr) dns::bring_near(bucket, kWithName);
}

bool AnswerShard::prefetch_due(AnswerEntry& entry, dns::Time now) const {
  if (!rules_.prefetch || entry.prefetched || !entry.ends_soon(now)) return false;
  entry.prefetched = true;
  return true;
}

void AnswerShard::insert(const AnswerKey& key, AnswerEntry* entry, dns::Time now) {
  if (entry->footprint() > limit_) return AnswerEntry::destroy(entry);
  entry->hash = upper_half(key.hash());
  AnswerEntry* before = find_any_age(key, entry->hash);
  if (before != nullptr) drop(before);
  if (entries_ >= buckets_.size()) grow_buckets();
  make_room(entry->footprint(), now);
  if (size_bytes() + entry->footprint() > limit_) return AnswerEntry::destroy(entry);
  link(entry);
}

void AnswerShard::drop(const AnswerKey& key) {
  AnswerEntry* entry = find_any_age(key, upper_half(key.hash()));
  if (entry != nullptr) drop(entry);
}

void AnswerShard::grow_buckets() {
  std::vector<AnswerEntry*> grown(std::max(kFirstBuckets, buckets_.size() * 2), nullptr);
  buckets_.swap(grown);
  for (AnswerEntry* entry = oldest_; entry != nullptr; entry = entry->newer) {
    entry->next_in_bucket = bucket(entry->hash);
    bucket(entry->hash) = entry;
  }
}

void AnswerShard::link(AnswerEntry* entry) {
  entry->next_in_bucket = bucket(entry->hash);
  bucket(entry->hash) = entry;
  entry->older = newest_;
  entry->newer = nullptr;
  (newest_ != nullptr ? newest_->newer : oldest_) = entry;
  newest_ = entry;
  used_ += entry->footprint();
  ++entries_;
}

void AnswerShard::drop(AnswerEntry* entry) {
  AnswerEntry** link = &bucket(entry->hash);
  while (*link != entry) link = &(*link)->next_in_bucket;
  *link = entry->next_in_bucket;
  if (hand_ == entry) hand_ = entry->newer;
  (entry->newer != nullptr ? entry->newer->older : newest_) = entry->older;
  (entry->older != nullptr ? entry->older->newer : oldest_) = entry->newer;
  used_ -= entry->footprint();
  --entries_;
  AnswerEntry::destroy(entry);
}

void AnswerShard::evict_one(dns::Time now) {
  AnswerEntry* victim = hand_ != nullptr ? hand_ : oldest_;
  for (int spared = 0; spared < kLongestSweep && victim->visited && !victim->expired(now);
       ++spared) {
    victim->visited = false;
    victim = victim->newer != nullptr ? victim->newer : oldest_;
  }
  hand_ = victim;
  drop(victim);
  ++evictions_;
}

void AnswerShard::make_room(std::size_t bytes, dns::Time now) {
  while (oldest_ != nullptr && size_bytes() + bytes > limit_) evict_one(now);
}

std::size_t AnswerShard::erase(dns::NameView name) {
  std::size_t erased = 0;
  for (AnswerEntry* entry = oldest_; entry != nullptr;) {
    AnswerEntry* next = entry->newer;
    if (name_of(*entry) == name) {
      drop(entry);
      ++erased;
    }
    entry = next;
  }
  return erased;
}

}  // namespace cache
