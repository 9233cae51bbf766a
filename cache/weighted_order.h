// Who comes first: by priority, and inside one priority a random permutation
// by RFC 2782's running sum, drawn afresh for each answer.
//
// Pure: chance comes in as an argument. Allocates nothing; a caller that wants
// three of a thousand pays for three.
#pragma once

#include <cstdint>
#include <span>

#include "dnsd/dns/random.h"

namespace cache {

/// One instance that may be answered: its place in its service, and the numbers
/// that the SRV record shows.
struct Candidate {
  std::uint32_t index = 0;
  std::uint16_t priority = 0;
  std::uint16_t weight = 0;
  // Its records in View::records, all but the owner; a size of 0: it has none.
  std::uint32_t srv_at = 0;
  std::uint32_t address_at = 0;
  std::uint16_t srv_size = 0;
  std::uint8_t address_size = 0;
};

class WeightedOrder {
 public:
  /// Draws from `candidates`, which it reorders as it goes. REQUIRES: sorted by
  /// priority.
  WeightedOrder(std::span<Candidate> candidates, dns::Random& random)
      : left_(candidates), random_(random) {}

  /// The next in order; null when all were given. Valid until the next call.
  const Candidate* next();

 private:
  void open_priority();
  std::size_t draw();

  std::span<Candidate> left_;
  std::size_t group_ = 0;  // how many of `left_` have the priority being drawn
  std::size_t zeros_ = 0;  // of them, those of weight 0
  std::uint64_t sum_ = 0;  // of their weights
  dns::Random& random_;
  Candidate given_;
};

}  // namespace cache
