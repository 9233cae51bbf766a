#include "cache/covered_name.h"

#include "dnsd/dns/message_reader.h"

namespace cache {
namespace {

constexpr std::size_t kPointerReach = 0x4000;
constexpr std::size_t kSoaNumbersSize = 20;

/// Moves the pointer that ends the name at `at`, if one does. The shorter
/// question's suffixes lie `shift` further back in the longer one, as all that
/// follows it does: one number fits every pointer.
/// REQUIRES: a name that NameReader::skip can read.
void shift_pointer(dns::WireSpan message, std::size_t at, std::size_t shift) {
  while (message[at] != 0 && message[at] <= dns::kMaxLabel) at += message[at] + 1U;
  if (message[at] == 0) return;
  dns::put16(&message[at], static_cast<std::uint16_t>(dns::get16(&message[at]) + shift));
}

/// Where the second name of an SOA begins; 0 when its RDATA is not that of one.
std::size_t second_soa_name(dns::WireView message, const dns::RecordView& record) {
  const std::size_t second = dns::NameReader::skip(message, record.rdata_at);
  const std::size_t numbers = second != 0 ? dns::NameReader::skip(message, second) : 0;
  return numbers + kSoaNumbersSize == record.end ? second : 0;
}

/// Whether all names in the record are known here. RRSIG, NSEC and NSEC3 never
/// compress theirs (RFC 4034, 3.1.7 and 4.1.1; RFC 5155, 3.3).
bool can_move(dns::WireView message, const dns::RecordView& record) {
  constexpr dns::Type kNsec{47};
  constexpr dns::Type kNsec3{50};
  if (record.type == dns::Type::SOA) return second_soa_name(message, record) != 0;
  return record.type == dns::Type::RRSIG || record.type == kNsec || record.type == kNsec3;
}

void insert_question(dns::WireSpan room, std::size_t size, std::size_t shift,
                     const AnswerKey& key) {
  std::memmove(&room[dns::kHeaderSize + shift], &room[dns::kHeaderSize], size - dns::kHeaderSize);
  std::memcpy(&room[dns::kHeaderSize], key.name.data(), key.name.size());
  const std::size_t end = dns::kHeaderSize + key.name.size();
  dns::put16(&room[end], static_cast<std::uint16_t>(key.type));
  dns::put16(&room[end + 2], static_cast<std::uint16_t>(key.qclass));
}

void shift_record(dns::WireSpan message, const dns::RecordView& record, std::size_t shift) {
  shift_pointer(message, record.owner_at, shift);
  if (record.type != dns::Type::SOA) return;
  const std::size_t second = second_soa_name(message, record);
  shift_pointer(message, record.rdata_at, shift);
  shift_pointer(message, second, shift);
}

}  // namespace

std::size_t cover_name_below(dns::WireSpan room, std::size_t size, const AnswerKey& key) {
  dns::MessageReader before(room.first(size));
  dns::Question question;
  dns::RecordView record;
  if (!before.read_question(question) || question.name.size() > key.name.size()) return 0;
  const std::size_t shift = key.name.size() - question.name.size();
  if (size + shift > room.size() || size + shift > kPointerReach) return 0;
  while (before.next(record)) {
    if (!can_move(room.first(size), record)) return 0;
  }
  insert_question(room, size, shift, key);
  const dns::WireSpan message = room.first(size + shift);
  dns::MessageReader after(message);
  after.read_question(question);
  while (after.next(record)) shift_record(message, record, shift);
  return message.size();
}

}  // namespace cache
