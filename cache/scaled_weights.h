// Weights for the SRV record: the catalog's times a health factor, made to fit
// 1..65535 with their ratios kept.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cache {

/// Whole numbers that fit stay as they are; else all are scaled so that the
/// greatest is 65535. What was above 0 stays at least 1, and 0 stays 0 unless
/// `floor` lifts it (for readers that take 0 as "out of service").
std::vector<std::uint16_t> scaled_weights(std::span<const double> weights, std::uint16_t floor);

}  // namespace cache
