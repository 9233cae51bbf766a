// Bytes of a DNS message, and the numbers in them (network order).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace dns {

using WireView = std::span<const std::uint8_t>;
using WireSpan = std::span<std::uint8_t>;
using Wire = std::vector<std::uint8_t>;

/// RFC 1035, 4.1.1: every message starts with this many bytes.
constexpr std::size_t kHeaderSize = 12;
/// The largest message TCP's two length bytes can announce (RFC 1035, 4.2.2).
constexpr std::size_t kMaxMessage = 65535;

inline std::uint16_t get16(const std::uint8_t* at) {
  return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}
inline std::uint32_t get32(const std::uint8_t* at) {
  return static_cast<std::uint32_t>(at[0]) << 24 | static_cast<std::uint32_t>(at[1]) << 16 |
         static_cast<std::uint32_t>(at[2]) << 8 | at[3];
}
inline void put16(std::uint8_t* at, std::uint16_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}
inline void put32(std::uint8_t* at, std::uint32_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 24);
  at[1] = static_cast<std::uint8_t>(value >> 16);
  at[2] = static_cast<std::uint8_t>(value >> 8);
  at[3] = static_cast<std::uint8_t>(value);
}

/// The 12 bytes every message opens with, by name (RFC 1035, 4.1.1; AD and CD
/// are RFC 2535's). Reads or writes in place; the bytes must outlive it.
struct HeaderView {
  const std::uint8_t* bytes;

  std::uint16_t id() const { return get16(bytes); }
  bool is_response() const { return (bytes[2] & 0x80) != 0; }
  std::uint8_t opcode() const { return (bytes[2] >> 3) & 0x0f; }
  bool authoritative() const { return (bytes[2] & 0x04) != 0; }
  bool truncated() const { return (bytes[2] & 0x02) != 0; }
  bool recursion_desired() const { return (bytes[2] & 0x01) != 0; }
  bool authentic_data() const { return (bytes[3] & 0x20) != 0; }
  bool checking_disabled() const { return (bytes[3] & 0x10) != 0; }
  std::uint8_t rcode() const { return bytes[3] & 0x0f; }
  std::uint16_t question_count() const { return get16(bytes + 4); }
  std::uint16_t answer_count() const { return get16(bytes + 6); }
  std::uint16_t authority_count() const { return get16(bytes + 8); }
  std::uint16_t additional_count() const { return get16(bytes + 10); }
};

}  // namespace dns
