// Is what was counted what should have been? Pearson's test, for splits by weight.
#pragma once

#include <array>
#include <vector>

namespace support {

/// Values above this come by chance once in 10,000, for 1 to 8 degrees of freedom.
constexpr std::array<double, 9> kUnlikely{0,     15.14, 18.42, 21.11, 23.51,
                                          25.74, 27.86, 29.88, 31.83};

/// How far `counted` is from `shares` (which add up to 1) of its sum, as a part of
/// what is unlikely: above 1 is wrong. REQUIRES: 2 to 9 shares above 0.
inline double deviation(const std::vector<int>& counted, const std::vector<double>& shares) {
  double sum = 0;
  for (const int count : counted) sum += count;
  double chi = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double expected = sum * shares[i];
    chi += (counted.at(i) - expected) * (counted.at(i) - expected) / expected;
  }
  return chi / kUnlikely.at(shares.size() - 1);
}

}  // namespace support
