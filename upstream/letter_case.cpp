#include "upstream/letter_case.h"

#include <array>
#include <bit>

#include "dnsd/dns/message_reader.h"

namespace upstream {
namespace {

// In each byte of a word the bit that is its own: the lowest is for the first in memory.
constexpr std::uint64_t kOwnBits =
    std::endian::native == std::endian::little ? 0x8040201008040201U : 0x0102040810204080U;

/// The eight bytes of `word`, those that are letters in upper case where their bit is set: the
/// lowest of `bits` is for the first.
std::uint64_t upper8(std::uint64_t word, std::uint64_t bits) {
  constexpr std::uint64_t kEach = 0x0101010101010101U;
  const std::uint64_t low = word & (0x7f * kEach);
  const std::uint64_t from_a = low + (0x80 - 'a') * kEach;  // top bit: at or above 'a'
  const std::uint64_t past_z = low + (0x7f - 'z') * kEach;  // top bit: above 'z'
  const std::uint64_t letters = (from_a ^ past_z) & ~word & (0x80 * kEach);
  const std::uint64_t own_bit = (bits & 0xff) * kEach & kOwnBits;
  const std::uint64_t chosen = own_bit + 0x7f * kEach;  // top bit: its bit is set
  return word ^ (letters & chosen) >> 2;
}

}  // namespace

void LetterCase::mix(dns::WireSpan name) const {
  const auto mix_some = [&](std::size_t at, std::size_t size) {
    std::uint64_t word = 0;
    std::memcpy(&word, &name[at], size);
    word = upper8(word, std::rotr(bits_, static_cast<int>(at % 64)));
    std::memcpy(&name[at], &word, size);
  };
  if (name.size() < 8) return mix_some(0, name.size());
  for (std::size_t at = 0; at + 8 < name.size(); at += 8) mix_some(at, 8);
  mix_some(name.size() - 8, 8);  // some of them again: they stay
}

bool LetterCase::stands_at(dns::WireView message, std::size_t at, const dns::Name& name) const {
  if (at + name.size() > message.size()) return false;
  std::array<std::uint8_t, dns::kMaxName> sent;
  std::memcpy(sent.data(), name.data(), name.size());
  mix({sent.data(), name.size()});
  return std::memcmp(&message[at], sent.data(), name.size()) == 0;
}

void restore_case(dns::WireSpan message, const dns::Name& name, LetterCase letters) {
  if (!letters.mixed()) return;
  const auto restore = [&](std::size_t at) { std::memcpy(&message[at], name.data(), name.size()); };
  restore(dns::kHeaderSize);
  dns::MessageReader reader(message);
  if (!reader.skip_question()) return;
  dns::RecordView record;
  while (reader.next(record)) {
    const bool is_pointer = message[record.owner_at] >= 0xc0;  // most are
    if (!is_pointer && letters.stands_at(message, record.owner_at, name)) restore(record.owner_at);
  }
}

}  // namespace upstream
