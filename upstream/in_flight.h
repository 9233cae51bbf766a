// Queries in flight, named by id. A late callback looks itself up and finds
// nothing: ids are not used again.
//
// Slots are; so in steady state nothing is allocated. Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace upstream {

using FlightId = std::uint64_t;

template <typename T>
class InFlight {
 public:
  FlightId add(T&& value) {
    const std::uint32_t slot = free_slot();
    slots_[slot].value.emplace(std::move(value));
    ++size_;
    join(slot);
    return id_of(slot);
  }

  FlightId add(const T& value) { return add(T(value)); }

  /// Null when it has landed. Valid until the next add().
  T* find(FlightId id) {
    const auto slot = static_cast<std::uint32_t>(id);
    const bool known = slot < slots_.size() && id_of(slot) == id && slots_[slot].value;
    return known ? &*slots_[slot].value : nullptr;
  }

  /// Takes it out; nothing when it has landed.
  std::optional<T> take(FlightId id) {
    if (find(id) == nullptr) return std::nullopt;
    const auto slot = static_cast<std::uint32_t>(id);
    std::optional<T> out = std::move(slots_[slot].value);
    slots_[slot].value.reset();
    ++slots_[slot].generation;
    leave(slot);
    free_.push_back(slot);
    --size_;
    return out;
  }

  std::size_t size() const { return size_; }

  /// The one that was added first. REQUIRES: size() > 0.
  FlightId oldest() const { return id_of(oldest_); }

  /// The ids of all, oldest first.
  std::vector<FlightId> ids() const {
    std::vector<FlightId> out;
    for (std::uint32_t slot = oldest_; slot != kNone; slot = slots_[slot].newer) {
      out.push_back(id_of(slot));
    }
    return out;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffff;

  struct Slot {
    std::optional<T> value;
    std::uint32_t generation = 0;
    std::uint32_t newer = kNone;
    std::uint32_t older = kNone;
  };

  FlightId id_of(std::uint32_t slot) const {
    return static_cast<FlightId>(slots_[slot].generation) << 32 | slot;
  }
  std::uint32_t free_slot() {
    if (free_.empty()) {
      slots_.emplace_back();
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }
  void join(std::uint32_t slot) {
    slots_[slot].older = newest_;
    slots_[slot].newer = kNone;
    (newest_ != kNone ? slots_[newest_].newer : oldest_) = slot;
    newest_ = slot;
  }
  void leave(std::uint32_t slot) {
    const auto [older, newer] = std::pair(slots_[slot].older, slots_[slot].newer);
    (newer != kNone ? slots_[newer].older : newest_) = older;
    (older != kNone ? slots_[older].newer : oldest_) = newer;
  }

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
  std::uint32_t newest_ = kNone;
  std::uint32_t oldest_ = kNone;
};

}  // namespace upstream
