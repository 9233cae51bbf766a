// Numbers and strings as bytes, and back from bytes that may be damaged.
//
// Pure. Numbers are in network order; a string is its length (32 bits) and its bytes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace cache {

class ByteWriter {
 public:
  void put8(std::uint8_t value) { bytes_ += static_cast<char>(value); }
  void put16(std::uint16_t value) { put(value, 2); }
  void put32(std::uint32_t value) { put(value, 4); }
  void put64(std::uint64_t value) { put(value, 8); }
  void put_string(std::string_view text) {
    put32(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void put_bytes(std::string_view bytes) { bytes_ += bytes; }
  const std::string& bytes() const { return bytes_; }
  /// Replaces bytes that were put. REQUIRES: so many stand from `at` on.
  void replace(std::size_t at, std::string_view bytes) { bytes.copy(&bytes_[at], bytes.size()); }
  /// The writer is spent.
  std::string take() { return std::move(bytes_); }

 private:
  void put(std::uint64_t value, std::size_t count) {
    std::array<char, 8> big_endian;
    for (std::size_t i = 0; i < count; ++i) {
      big_endian[i] = static_cast<char>(value >> (8 * (count - 1 - i)));
    }
    bytes_.append(big_endian.data(), count);
  }
  std::string bytes_;
};

/// Where bytes are missing it reads zeros and empty strings, and ok() is false
/// from then on.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}

  std::uint8_t get8() { return static_cast<std::uint8_t>(get<1>()); }
  std::uint16_t get16() { return static_cast<std::uint16_t>(get<2>()); }
  std::uint32_t get32() { return static_cast<std::uint32_t>(get<4>()); }
  std::uint64_t get64() { return get<8>(); }
  /// Points into the bytes.
  std::string_view get_string() { return take(get32()); }
  void skip(std::size_t count) { take(count); }
  void skip_string() { take(get32()); }
  /// What was not read yet.
  std::string_view left() const { return left_; }

  bool ok() const { return ok_; }
  bool at_end() const { return left_.empty(); }

 private:
  std::string_view take(std::size_t count) {
    ok_ = ok_ && count <= left_.size();
    const std::string_view taken = ok_ ? left_.substr(0, count) : std::string_view();
    left_.remove_prefix(taken.size());
    return taken;
  }
  template <std::size_t Count>
  std::uint64_t get() {
    const std::string_view bytes = take(Count);
    if (bytes.size() != Count) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Count; ++i) {
      value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    }
    return value;
  }

  std::string_view left_;
  bool ok_ = true;
};

}  // namespace cache
