// Answers heard from upstream, kept until their TTL runs out.
//
// The cache has no clock and no timer: callers pass `now`, so a test can move
// time by adding to a variable. An expired entry is kept as a stale one (RFC
// 8767) until that time is over too, or room is needed. Bounded in bytes, all of
// its own included.
//
// One for the process; safe on any thread. Shards are chosen by the name's hash,
// each behind a lock that is held for a copy and no longer. A hit allocates nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "cache/answer_key.h"
#include "cache/answer_shard.h"
#include "cache/cacheable.h"
#include "cache/failure_cache.h"
#include "cache/host_addresses.h"
#include "cache/snapshot_format.h"
#include "dnsd/dns/time.h"

namespace cache {

/// What came of a look-up.
enum class Lookup : std::uint8_t {
  miss,
  hit,      // the answer is in the caller's room
  no_room,  // there is one, of `CachedAnswer::size` bytes: come again with more
};

/// Describes the copy in the caller's room: a whole message in stored form
/// (cacheable.h) with its TTLs counted down. Its ID, flags, question and OPT
/// are those of upstream's reply: the caller makes them its client's.
struct CachedAnswer {
  std::size_t size = 0;
  std::uint32_t age = 0;   // seconds since it was heard; already taken from the TTLs
  std::uint32_t ttl = 0;   // seconds for which it stays valid
  bool prefetch = false;   // upstream is to be asked anew, behind the answer; told once
  bool stale = false;      // it has expired: every TTL is kStaleTtl
  bool has_stale = false;  // of a miss: copy_stale() would have something
};

constexpr std::uint32_t kStaleTtl = 30;  // RFC 8767, 4

/// Since the start.
struct AnswerCacheCounters {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t inserts = 0;
  std::uint64_t evictions = 0;
  std::uint64_t stale = 0;  // expired answers given
  std::uint64_t prefetches = 0;
};

class AnswerCache {
 public:
  /// `bytes` is the bound; 0 keeps nothing.
  explicit AnswerCache(std::size_t bytes);
  ~AnswerCache();
  AnswerCache(const AnswerCache&) = delete;
  AnswerCache& operator=(const AnswerCache&) = delete;

  /// A new bound, from a reload; evicts what is too much.
  void set_limit(std::size_t bytes);

  /// For all entries, those that are kept already too.
  void set_rules(const AnswerRules& rules);

  /// Names for which other servers are asked than for those above them
  /// (forward.zone): the NXDOMAIN of a name above one does not cover what is in it.
  void set_cuts(std::vector<dns::Name> cuts);

  /// Copies the answer for `key` to the front of `room`. An NXDOMAIN answers all
  /// types of its name, and the names below it (RFC 8020); for the latter the
  /// copy has the question of `key`.
  Lookup copy(const AnswerKey& key, dns::Time now, dns::WireSpan room, CachedAnswer& out);

  /// The same, of what was heard last of the question itself, expired or not.
  Lookup copy_stale(const AnswerKey& key, dns::Time now, dns::WireSpan room, CachedAnswer& out);

  /// Brings near, from main memory, what copy() will read for the key with these hashes: in the
  /// first step where to look, in the second what is there. Many keys go side by side.
  void bring_near(std::uint64_t name_hash, std::uint64_t hash, unsigned step) const;

  /// Keeps `form` for `form.ttl`, in place of older answers, stale ones and those
  /// that it refutes too. 0 is not kept.
  /// REQUIRES: `form` is the answer to the question of `key`.
  void insert(const AnswerKey& key, const StoredForm& form, dns::Time now);

  /// The addresses that the kept answer for `key` (type A or AAAA) leads to,
  /// CNAMEs followed; with `stale` also from an expired one.
  HostAddresses addresses(const AnswerKey& key, dns::Time now, bool stale = false);

  /// What upstream failed to answer: apart from the answers.
  FailureCache& failures() { return failures_; }

  /// Calls `visit` with each answer that is of use still, oldest first in each
  /// shard, whose lock is held meanwhile: it may not come back here.
  void each(dns::Time now, const std::function<void(const HeardAnswer&)>& visit) const;

  /// Drops all answers of `name`, of every type. Returns how many.
  std::size_t erase(dns::NameView name);

  std::size_t size_bytes() const;
  std::size_t entries() const;
  AnswerCacheCounters counters() const;

 private:
  struct Shard;
  Shard& shard_of(std::uint64_t name_hash) const;
  /// `asked`: `key` has the question's own name, not one above it.
  Lookup copy_exact(const AnswerKey& key, bool asked, dns::Time now, dns::WireSpan room,
                    CachedAnswer& out);
  /// When the answer was heard; Time::min() when there is none.
  dns::Time heard(const AnswerKey& key, dns::Time now) const;
  bool is_cut_between(dns::NameView above, dns::NameView name) const;
  Lookup copy_nxdomain(AnswerKey key, dns::Time now, dns::WireSpan room, CachedAnswer& out);

  FailureCache failures_;
  std::atomic<std::uint64_t> misses_{0};
  std::unique_ptr<Shard[]> shards_;
  std::size_t shard_count_;  // a power of two
  mutable std::mutex cuts_lock_;
  std::vector<dns::Name> cuts_;  // guarded by `cuts_lock_`
};

}  // namespace cache
