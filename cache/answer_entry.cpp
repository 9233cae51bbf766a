#include "cache/answer_entry.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace cache {
namespace {

// glibc puts 8 bytes before each block and rounds up to 16.
constexpr std::size_t kAllocatorHeader = 8;
constexpr std::size_t kAllocatorStep = 16;

std::size_t block_size(std::size_t wire_size, std::size_t ttl_count) {
  return sizeof(AnswerEntry) + ttl_count * sizeof(std::uint16_t) + wire_size;
}

}  // namespace

AnswerEntry* AnswerEntry::create(std::size_t wire_size, std::size_t ttl_count) {
  void* block = std::malloc(block_size(wire_size, ttl_count));
  if (block == nullptr) return nullptr;
  auto* entry = new (block) AnswerEntry{};
  entry->wire_size = static_cast<std::uint16_t>(wire_size);
  entry->ttl_count = static_cast<std::uint16_t>(ttl_count);
  return entry;
}

void AnswerEntry::destroy(AnswerEntry* entry) {
  std::free(entry);
}

std::size_t AnswerEntry::footprint(std::size_t wire_size, std::size_t ttl_count) {
  const std::size_t bytes = block_size(wire_size, ttl_count) + kAllocatorHeader;
  return (bytes + kAllocatorStep - 1) / kAllocatorStep * kAllocatorStep;
}

bool AnswerEntry::answers(const AnswerKey& key) const {
  const std::size_t name_end = dns::kHeaderSize + key.name.size();
  if (dnssec_ok != key.dnssec_ok || checking_disabled != key.checking_disabled) return false;
  if (wire_size < name_end + 4 ||
      std::memcmp(wire() + dns::kHeaderSize, key.name.data(), key.name.size()) != 0)
    return false;
  const auto type = any_type ? kAnyType : static_cast<dns::Type>(dns::get16(wire() + name_end));
  return type == key.type &&
         static_cast<dns::Class>(dns::get16(wire() + name_end + 2)) == key.qclass;
}

void AnswerEntry::copy_aged(std::uint8_t* room, std::uint32_t age) const {
  std::memcpy(room, wire(), wire_size);
  const std::uint16_t* places = ttl_places();
  for (std::size_t i = 0; i < ttl_count; ++i) {
    std::uint8_t* at = room + places[i];
    const std::uint32_t ttl = dns::get32(at);
    dns::put32(at, ttl - std::min(ttl, age));
  }
}

void AnswerEntry::copy_with_ttl(std::uint8_t* room, std::uint32_t ttl_now) const {
  std::memcpy(room, wire(), wire_size);
  const std::uint16_t* places = ttl_places();
  for (std::size_t i = 0; i < ttl_count; ++i) dns::put32(room + places[i], ttl_now);
}

}  // namespace cache
