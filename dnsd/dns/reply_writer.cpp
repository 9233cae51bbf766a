#include "dnsd/dns/reply_writer.h"

#include <algorithm>

namespace dns {
namespace {

constexpr std::uint16_t kQuestionPointer = 0xc000 | kHeaderSize;

}  // namespace

ReplyWriter::ReplyWriter(const Query& query, WireSpan room, const ReplyOptions& options)
    : query_(query),
      options_(options),
      room_(room),
      limit_(room.size() - opt_room(query, options)) {
  used_ = kHeaderSize;
  put_bytes(query.raw_question);
}

bool ReplyWriter::take(std::size_t bytes) {
  if (overflow_ || used_ + bytes > limit_) {
    overflow_ = true;
    return false;
  }
  return true;
}

void ReplyWriter::put8(std::uint8_t value) {
  if (take(1)) room_[used_++] = value;
}

void ReplyWriter::put16(std::uint16_t value) {
  if (!take(2)) return;
  dns::put16(&room_[used_], value);
  used_ += 2;
}

void ReplyWriter::put32(std::uint32_t value) {
  if (!take(4)) return;
  dns::put32(&room_[used_], value);
  used_ += 4;
}

void ReplyWriter::put_bytes(WireView bytes) {
  if (bytes.empty() || !take(bytes.size())) return;
  std::memcpy(&room_[used_], bytes.data(), bytes.size());
  used_ += bytes.size();
}

void ReplyWriter::put_name(NameView name) {
  put_bytes({reinterpret_cast<const std::uint8_t*>(name.data()), name.size()});
}

void ReplyWriter::put_compressed(NameView name) {
  const NameView question = query_.question.name.view();
  for (; name.size() > 1; name = parent(name)) {
    if (name.size() <= question.size()) {
      const std::size_t at = question.size() - name.size();
      if (question.substr(at) == name && is_within(question, name)) {
        return put16(static_cast<std::uint16_t>(kQuestionPointer + at));
      }
    }
    put_name(name.substr(0, first_label(name).size() + 1));
  }
  put8(0);
}

void ReplyWriter::put_string(std::string_view text) {
  put_string(text, {});
}

void ReplyWriter::put_string(std::string_view key, std::string_view value) {
  key = key.substr(0, 255);
  value = value.substr(0, 255 - key.size());
  put8(static_cast<std::uint8_t>(key.size() + value.size()));
  put_bytes({reinterpret_cast<const std::uint8_t*>(key.data()), key.size()});
  put_bytes({reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
}

void ReplyWriter::open(Section section, NameView owner, Type type, std::uint32_t ttl) {
  record_at_ = used_;
  put_compressed(owner);
  begin_record(section, type, ttl);
}

void ReplyWriter::open_at_question(Section section, Type type, std::uint32_t ttl) {
  open_at(section, kHeaderSize, type, ttl);
}

void ReplyWriter::open_at(Section section, std::size_t offset, Type type, std::uint32_t ttl) {
  if (offset >= kPointerReach) return open_copy(section, offset, type, ttl);
  record_at_ = used_;
  put16(static_cast<std::uint16_t>(0xc000 | offset));
  begin_record(section, type, ttl);
}

void ReplyWriter::open_copy(Section section, std::size_t offset, Type type, std::uint32_t ttl) {
  Name owner;
  NameReader::read(room_.first(used_), offset, owner);  // we wrote it: it is a name
  open(section, owner.view(), type, ttl);
}

bool ReplyWriter::add_far(Section section, std::size_t owner_at, std::string_view record,
                          std::uint32_t ttl_most) {
  const WireView bytes(reinterpret_cast<const std::uint8_t*>(record.data()), record.size());
  const std::uint32_t ttl = std::min(get32(&bytes[kReadyTtl]), ttl_most);
  open_copy(section, owner_at, static_cast<Type>(get16(bytes.data())), ttl);
  put_bytes(bytes.subspan(kReadyTtl + 6));  // after TTL and RDLENGTH
  return close();
}

void ReplyWriter::begin_record(Section section, Type type, std::uint32_t ttl) {
  section_ = section;
  put16(static_cast<std::uint16_t>(type));
  put16(static_cast<std::uint16_t>(query_.question.qclass));
  put32(ttl);
  put16(0);
  rdata_at_ = used_;
}

bool ReplyWriter::close() {
  if (overflow_ || used_ - rdata_at_ > 0xffff) {
    used_ = record_at_;
    overflow_ = false;
    return false;
  }
  dns::put16(&room_[rdata_at_ - 2], static_cast<std::uint16_t>(used_ - rdata_at_));
  ++counts_[static_cast<std::size_t>(section_)];
  return true;
}

void ReplyWriter::rewind(const Mark& mark) {
  used_ = mark.used;
  counts_ = mark.counts;
  overflow_ = false;
}

std::size_t ReplyWriter::finish(const ReplyFlags& flags, const ExtendedErrorText* extended) {
  const auto rcode = static_cast<std::uint16_t>(flags.rcode);
  dns::put16(&room_[0], query_.id);
  room_[2] =
      static_cast<std::uint8_t>(0x80 | (query_.opcode << 3) | (flags.authoritative ? 4 : 0) |
                                (flags.truncated ? 2 : 0) | (query_.recursion_desired ? 1 : 0));
  room_[3] = static_cast<std::uint8_t>(0x80 | (flags.authentic_data ? 0x20 : 0) |
                                       (query_.checking_disabled ? 0x10 : 0) | (rcode & 0x0f));
  const std::size_t size = append_opt(room_, used_, query_, options_, flags.rcode, extended);
  dns::put16(&room_[4], query_.raw_question.empty() ? 0 : 1);
  for (std::size_t i = 0; i < counts_.size(); ++i) dns::put16(&room_[6 + 2 * i], counts_[i]);
  if (size > used_) {
    dns::put16(&room_[10], static_cast<std::uint16_t>(counts_[2] + 1));  // the OPT is one of them
  }
  return size;
}

}  // namespace dns
