#include "cache/failure_cache.h"

#include <algorithm>

namespace cache {

FailureCache::Slot* FailureCache::slot_of(std::uint64_t hash) {
  for (Slot& slot : sets_[hash % kSets]) {
    if (slot.pause != 0 && slot.hash == hash) return &slot;
  }
  return nullptr;
}

/// Its own, a free one, or the one that is over soonest.
FailureCache::Slot& FailureCache::slot_for(std::uint64_t hash) {
  if (Slot* known = slot_of(hash)) return *known;
  Set& set = sets_[hash % kSets];
  Slot& slot = *std::min_element(set.begin(), set.end(),
                                 [](const Slot& a, const Slot& b) { return a.until < b.until; });
  slot = {};
  slot.hash = hash;
  return slot;
}

std::optional<FailureCache::Failure> FailureCache::find(const AnswerKey& key, dns::Time now) {
  if (!any_.load(std::memory_order_relaxed)) return std::nullopt;
  const std::lock_guard held(lock_);
  const Slot* slot = sets_.empty() ? nullptr : slot_of(key.hash());
  if (slot == nullptr || now >= slot->until) return std::nullopt;
  return Failure{slot->error, slot->failed, slot->until};
}

void FailureCache::failed(const AnswerKey& key, dns::ExtendedError error, dns::Time now) {
  const std::lock_guard held(lock_);
  if (sets_.empty()) sets_.resize(kSets);
  Slot& slot = slot_for(key.hash());
  const bool in_row = slot.pause != 0 && now < slot.until + kFailurePauseMost;
  const auto pause =
      in_row ? std::min(dns::Seconds(slot.pause) * 2, kFailurePauseMost) : kFailurePauseLeast;
  slot.pause = static_cast<std::uint16_t>(pause.count());
  slot.error = error;
  slot.failed = now;
  slot.until = now + pause;
  any_.store(true, std::memory_order_relaxed);
}

void FailureCache::answered(const AnswerKey& key) {
  if (!any_.load(std::memory_order_relaxed)) return;
  const std::lock_guard held(lock_);
  if (!sets_.empty()) {
    if (Slot* slot = slot_of(key.hash())) *slot = {};
  }
}

void FailureCache::forget() {
  const std::lock_guard held(lock_);
  sets_ = {};
  any_.store(false, std::memory_order_relaxed);
}

}  // namespace cache
