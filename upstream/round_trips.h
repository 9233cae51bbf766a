// How long one server's answers take: the time within which 95 of 100 came.
//
// A histogram of steps of an eighth to a quarter, whose counts halve now and
// then, so that it follows the server. Pure; allocates nothing.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "dnsd/dns/time.h"

namespace upstream {

class RoundTrips {
 public:
  using Duration = dns::Clock::duration;

  void add(Duration took);
  /// The 95th percentile, rounded up to its step; nothing before enough was measured.
  std::optional<Duration> late() const;

 private:
  // From 2^4 us, four steps to each doubling, up to 2^22 us, over 4 s.
  static constexpr std::size_t kFirstDoubling = 4;
  static constexpr std::size_t kDoublings = 18;

  static std::size_t step_of(Duration took);
  static Duration end_of(std::size_t step);

  std::array<std::uint16_t, kDoublings * 4> counts_{};
  unsigned total_ = 0;
};

}  // namespace upstream
