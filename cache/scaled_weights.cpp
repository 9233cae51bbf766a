#include "cache/scaled_weights.h"

#include <algorithm>
#include <cmath>

namespace cache {
namespace {

constexpr double kMost = 65535;

bool fits_as_it_is(double weight) {
  return weight <= kMost && weight == std::floor(weight);
}

}  // namespace

std::vector<std::uint16_t> scaled_weights(std::span<const double> weights, std::uint16_t floor) {
  double factor = 1;
  if (!std::all_of(weights.begin(), weights.end(), fits_as_it_is)) {
    factor = kMost / *std::max_element(weights.begin(), weights.end());
  }
  std::vector<std::uint16_t> out;
  out.reserve(weights.size());
  for (double weight : weights) {
    const double scaled = std::clamp(std::round(weight * factor), weight > 0 ? 1.0 : 0.0, kMost);
    out.push_back(std::max(static_cast<std::uint16_t>(scaled), floor));
  }
  return out;
}

}  // namespace cache
