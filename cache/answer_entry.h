// One answer in the cache: a single allocation of header, places of the TTLs
// (uint16 each) and wire. Name, type and class stand in the wire's question.
#pragma once

#include <cstdint>

#include "cache/answer_key.h"
#include "dnsd/dns/time.h"
#include "dnsd/dns/wire.h"

namespace cache {

struct AnswerEntry {
  AnswerEntry* next_in_bucket;
  AnswerEntry* newer;  // the order of insertion, for SIEVE
  AnswerEntry* older;
  dns::Time stored;
  std::uint32_t ttl;   // seconds
  std::uint32_t hash;  // the upper half of the key's
  std::uint16_t wire_size;
  std::uint16_t ttl_count;
  bool dnssec_ok : 1;
  bool checking_disabled : 1;
  bool any_type : 1;    // NXDOMAIN: the answer for every type of the name
  bool visited : 1;     // SIEVE: asked for since the hand last came by
  bool prefetched : 1;  // upstream was asked anew before it expired

  /// All fields zero but the sizes; null when the machine has no memory left.
  static AnswerEntry* create(std::size_t wire_size, std::size_t ttl_count);
  static void destroy(AnswerEntry* entry);
  /// What the allocation costs, the allocator's own bytes included.
  static std::size_t footprint(std::size_t wire_size, std::size_t ttl_count);
  std::size_t footprint() const { return footprint(wire_size, ttl_count); }

  std::uint16_t* ttl_places() { return reinterpret_cast<std::uint16_t*>(this + 1); }
  const std::uint16_t* ttl_places() const {
    return reinterpret_cast<const std::uint16_t*>(this + 1);
  }
  std::uint8_t* wire() { return reinterpret_cast<std::uint8_t*>(ttl_places() + ttl_count); }
  const std::uint8_t* wire() const {
    return reinterpret_cast<const std::uint8_t*>(ttl_places() + ttl_count);
  }
  dns::WireView view() const { return {wire(), wire_size}; }

  std::uint32_t age(dns::Time now) const {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<dns::Seconds>(now - stored).count());
  }
  bool expired(dns::Time now) const { return now >= stored + dns::Seconds(ttl); }
  /// In the last tenth of its time.
  bool ends_soon(dns::Time now) const {
    return now >= stored + dns::Milliseconds(std::uint64_t{ttl} * 900);
  }
  bool answers(const AnswerKey& key) const;

  /// Copies the wire to `room` with every TTL lowered by `age`.
  /// REQUIRES: `room` holds `wire_size` bytes.
  void copy_aged(std::uint8_t* room, std::uint32_t age) const;
  /// The same with every TTL `ttl_now`.
  void copy_with_ttl(std::uint8_t* room, std::uint32_t ttl_now) const;
};

static_assert(sizeof(AnswerEntry) <= 48, "the cache promises at most 56 bytes beside the wire");

}  // namespace cache
