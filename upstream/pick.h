// **Pick**: which server is asked first, and who comes next.
//
// Pure: the owner keeps the numbers.
#pragma once

#include <cstdint>
#include <span>

#include "conf/config.h"
#include "dnsd/dns/random.h"
#include "dnsd/dns/time.h"

namespace upstream {

struct Candidate {
  bool passed_over = false;
  dns::Clock::duration rank{};  // smaller is faster; 0: never measured
  bool set_aside = false;       // it leads back here: not to be asked at all
};

/// The order to try `candidates`, as indices. Those that answer before those that
/// are passed over; within each by policy: `fastest` by rank, `sequential` as
/// they stand, `random` by chance. Equals stay as they stand. A failing one is
/// last in line, never out of it; only one that is set aside is. Returns the part of `room` that
/// was filled. REQUIRES: `room` for all candidates.
std::span<std::uint8_t> pick_order(std::span<const Candidate> candidates,
                                   conf::Forward::Policy policy, dns::Random& random,
                                   std::span<std::uint8_t> room);

}  // namespace upstream
