// One shard of the answer cache: a hash table and SIEVE's queue over the same
// entries, bounded in bytes.
//
// SIEVE (Zhang et al., NSDI 2024): new entries join at one end; a hit only
// marks; a hand walks from old to new, spares what is marked, unmarks it, and
// takes the first that is not.
//
// Not thread-safe: answer_cache.h holds the lock.
#pragma once

#include <memory>
#include <vector>

#include "cache/answer_entry.h"

namespace cache {

/// How long answers are of use.
struct AnswerRules {
  dns::Seconds stale_for{0};  // kept so long after they expired (RFC 8767); 0: not at all
  bool prefetch = false;      // told once, in the last tenth of their time
};

class AnswerShard {
 public:
  AnswerShard() = default;
  ~AnswerShard();
  AnswerShard(const AnswerShard&) = delete;
  AnswerShard& operator=(const AnswerShard&) = delete;

  /// Bytes that entries and buckets may take; evicts what is too much.
  void set_limit(std::size_t bytes);

  void set_rules(const AnswerRules& rules) { rules_ = rules; }

  /// The entry for `key`, expired or not, marked as visited, valid until the next
  /// call; null when there is none. One past its stale time is dropped.
  AnswerEntry* find(const AnswerKey& key, dns::Time now);
  /// As AnswerCache::bring_near.
  void bring_near(std::uint64_t hash, unsigned step) const;
  /// Whether to ask upstream anew for `entry`, which is of use still. True once for
  /// each entry.
  bool prefetch_due(AnswerEntry& entry, dns::Time now) const;

  /// Takes `entry` over, in place of one with the same key. Makes room first; an
  /// entry that is larger than the whole shard is destroyed.
  /// REQUIRES: everything in `entry` but the links is set.
  void insert(const AnswerKey& key, AnswerEntry* entry, dns::Time now);

  /// `visit(const AnswerEntry&)` for each that is of use still, oldest first.
  template <typename Visit>
  void each(dns::Time now, Visit visit) const {
    for (const AnswerEntry* entry = oldest_; entry != nullptr; entry = entry->newer) {
      if (!entry->expired(now - rules_.stale_for)) visit(*entry);
    }
  }

  void drop(const AnswerKey& key);
  /// Drops every entry whose name is `name`. Walks the whole shard.
  std::size_t erase(dns::NameView name);

  std::size_t size_bytes() const { return used_ + bucket_bytes(); }
  std::size_t entries() const { return entries_; }
  std::uint64_t evictions() const { return evictions_; }

 private:
  std::size_t bucket_bytes() const { return buckets_.capacity() * sizeof(void*); }
  AnswerEntry*& bucket(std::uint32_t hash) { return buckets_[hash & (buckets_.size() - 1)]; }
  AnswerEntry* find_any_age(const AnswerKey& key, std::uint32_t hash);
  void grow_buckets();
  void link(AnswerEntry* entry);
  void drop(AnswerEntry* entry);
  void evict_one(dns::Time now);
  void make_room(std::size_t bytes, dns::Time now);

  std::vector<AnswerEntry*> buckets_;  // a power of two of them, or none yet
  AnswerEntry* newest_ = nullptr;
  AnswerEntry* oldest_ = nullptr;
  AnswerEntry* hand_ = nullptr;  // where SIEVE looks next; null: at the oldest
  AnswerRules rules_;
  std::size_t limit_ = 0;
  std::size_t used_ = 0;  // by entries
  std::size_t entries_ = 0;
  std::uint64_t evictions_ = 0;
};

}  // namespace cache
