// Bytes for tests, written so that one can see what they are:
//
//   wire("0003 'web' c00c")   hex digits, and text between single quotes
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dnsd/dns/wire.h"

namespace support {

/// The value of a hex digit; anything else ends the test program.
inline std::uint8_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  std::fprintf(stderr, "expected a hex digit, found '%c'\n", c);
  std::abort();
}

inline dns::Wire wire(std::string_view text) {
  dns::Wire out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    if (text[i] == '\'') {
      while (text.at(++i) != '\'') out.push_back(static_cast<std::uint8_t>(text[i]));
      continue;
    }
    const auto high = hex_digit(text[i]);
    out.push_back(static_cast<std::uint8_t>(high << 4 | hex_digit(text.at(++i))));
  }
  return out;
}

/// One after the other.
inline dns::Wire operator+(dns::Wire left, const dns::Wire& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

}  // namespace support
