// Domain names (RFC 1035, 3.1): absolute, and lower-cased once, at the border.
//
// After that `==` on the bytes is right, and a name is its own map key. Only
// ASCII letters fold (RFC 4343). Values; safe on any thread.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"

namespace dns {

constexpr std::size_t kMaxName = 255;  // RFC 1035, 2.3.4: with length bytes and the root
constexpr std::size_t kMaxLabel = 63;

inline std::uint8_t lower(std::uint8_t c) {
  return c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c | 0x20) : c;
}

/// The eight bytes of `word`, each in lower case.
inline std::uint64_t lower8(std::uint64_t word) {
  constexpr std::uint64_t kEach = 0x0101010101010101U;
  const std::uint64_t low = word & (0x7f * kEach);
  const std::uint64_t from_a = low + (0x80 - 'A') * kEach;  // top bit: at or above 'A'
  const std::uint64_t past_z = low + (0x7f - 'Z') * kEach;  // top bit: above 'Z'
  const std::uint64_t letters = (from_a ^ past_z) & ~word & (0x80 * kEach);
  return word | letters >> 2;
}

/// Copies bytes in lower case. The length bytes of labels are below every letter, so that whole
/// names fold as text does.
inline void copy_lower(std::uint8_t* to, const std::uint8_t* from, std::size_t size) {
  const auto copy8 = [&](std::size_t at) {
    std::uint64_t word;
    std::memcpy(&word, from + at, 8);
    word = lower8(word);
    std::memcpy(to + at, &word, 8);
  };
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i) to[i] = lower(from[i]);
    return;
  }
  for (std::size_t at = 0; at + 8 < size; at += 8) copy8(at);
  copy8(size - 8);  // some of them again
}

/// A name's wire bytes, lower-case and uncompressed, the root's zero byte
/// included, that somebody else holds.
using NameView = std::string_view;

class Name {
 public:
  /// The root.
  Name() : size_(1) { bytes_[0] = 0; }

  /// Only the name's own bytes are copied: most names are short.
  Name(const Name& other) : size_(other.size_) { copy_bytes(other); }
  Name& operator=(const Name& other) {
    size_ = other.size_;
    copy_bytes(other);
    return *this;
  }

  /// Copies bytes that are known to be a name (from another `Name`).
  static Name from_view(NameView bytes);

  /// Folds the letters of `bytes`, which are known to be an uncompressed name.
  static Name from_wire(WireView bytes) {
    Name name;
    name.assign(bytes);
    return name;
  }

  /// Becomes the name in `bytes`, known to be one and uncompressed; folds its letters.
  void assign(WireView bytes) {
    size_ = static_cast<std::uint8_t>(bytes.size());
    copy_lower(bytes_.data(), bytes.data(), bytes.size());
  }

  /// Reads presentation text: `web.example`, `Web.Example.`, `a\.b.c`,
  /// `\052.dev`. With or without the last dot the name is absolute. Errors say
  /// what is wrong: an empty label, one over 63 bytes, a name over 255.
  static Result<Name> from_text(std::string_view text);

  NameView view() const { return {reinterpret_cast<const char*>(bytes_.data()), size_}; }
  const std::uint8_t* data() const { return bytes_.data(); }
  std::size_t size() const { return size_; }
  bool is_root() const { return size_ == 1; }

  friend bool operator==(const Name& a, const Name& b) { return a.view() == b.view(); }

  /// Puts `label` in front. False, and no change, when the name or label would
  /// be too long or the label empty. The label's letters are folded.
  bool push_front(std::string_view label);

  /// Presentation text with the last dot; bytes that need it are escaped.
  std::string to_text() const;

 private:
  friend class NameReader;
  void copy_bytes(const Name& other) { std::memmove(bytes_.data(), other.bytes_.data(), size_); }

  std::array<std::uint8_t, kMaxName> bytes_;
  std::uint8_t size_;
};

/// Presentation text of `name`; see `Name::to_text`.
std::string to_text(NameView name);

/// The first label's text, without its length byte. Empty for the root.
inline std::string_view first_label(NameView name) {
  return name.substr(1, static_cast<std::uint8_t>(name[0]));
}
/// The name without its first label. REQUIRES: not the root.
inline NameView parent(NameView name) {
  return name.substr(1 + static_cast<std::uint8_t>(name[0]));
}
/// How many labels, the root's not counted.
std::size_t label_count(NameView name);
/// Whether `name` is `zone` or below it.
bool is_within(NameView name, NameView zone);

/// Reads a name out of a message, following compression pointers, which must
/// point backwards (so a loop is impossible).
class NameReader {
 public:
  /// Reads the name that starts at `at`. Returns where the bytes after it
  /// begin, or 0 when it is not a name.
  static std::size_t read(WireView message, std::size_t at, Name& out);
  /// The same for who needs no more than to know that it is a name.
  static std::size_t check(WireView message, std::size_t at);
  /// Only where the bytes after it begin, or 0. Does not look at what a pointer
  /// points at.
  static std::size_t skip(WireView message, std::size_t at);
  /// Where the uncompressed name at `at` ends, or 0 when there is none there.
  static std::size_t plain_end(WireView message, std::size_t at);
};

/// A keyed hash of a name's bytes, quick and well mixed. `seed` is drawn once a
/// process, so that strangers cannot choose names that collide.
std::uint64_t hash_name(NameView name, std::uint64_t seed);
/// The process's seed for `hash_name`.
std::uint64_t hash_seed();

}  // namespace dns
