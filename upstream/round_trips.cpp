#include "upstream/round_trips.h"

#include <algorithm>
#include <bit>

namespace upstream {
namespace {

using Microseconds = std::chrono::microseconds;

// Of fewer the 95th in a hundred says nothing.
constexpr unsigned kEnough = 40;
// Then the past counts half.
constexpr unsigned kHalveAt = 1024;

}  // namespace

std::size_t RoundTrips::step_of(Duration took) {
  const auto us = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<Microseconds>(took).count()));
  if (us < 1U << kFirstDoubling) return 0;
  const auto doubling = static_cast<std::size_t>(std::bit_width(us)) - 1;
  const auto quarter = us >> (doubling - 2) & 3;
  return std::min((doubling - kFirstDoubling) * 4 + quarter, kDoublings * 4 - 1);
}

RoundTrips::Duration RoundTrips::end_of(std::size_t step) {
  const std::uint64_t quarter = std::uint64_t{1} << (kFirstDoubling - 2 + step / 4);
  return Microseconds(quarter * (5 + step % 4));
}

void RoundTrips::add(Duration took) {
  ++counts_[step_of(took)];
  if (++total_ < kHalveAt) return;
  total_ = 0;
  for (std::uint16_t& count : counts_) total_ += count = count / 2;
}

std::optional<RoundTrips::Duration> RoundTrips::late() const {
  if (total_ < kEnough) return std::nullopt;
  unsigned left = total_ - total_ / 20;
  std::size_t step = 0;
  while (counts_[step] < left) left -= counts_[step++];
  return end_of(step);
}

}  // namespace upstream
