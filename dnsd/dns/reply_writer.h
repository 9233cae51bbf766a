// Writes one reply into the caller's room: header, the client's question as it
// spelled it, records, and an OPT if and only if the query had one (RFC 6891).
//
// Room for the OPT is set aside from the start, so records never push it out.
// Allocates nothing. Records that do not fit are taken back whole.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "dnsd/dns/opt.h"
#include "dnsd/dns/query.h"

namespace dns {

enum class Section : std::uint8_t { answer, authority, additional };

struct ReplyFlags {
  Rcode rcode = Rcode::NOERROR;
  bool authoritative = false;
  bool truncated = false;
  bool authentic_data = false;
};

class ReplyWriter {
 public:
  /// `room` is as long as the reply may be. REQUIRES: 512 bytes or more; the
  /// query and its packet outlive the writer.
  ReplyWriter(const Query& query, WireSpan room, const ReplyOptions& options);

  /// Opens a record in `section`; RDATA follows by the put calls. Sections in
  /// order: answer, authority, additional.
  void open(Section section, NameView owner, Type type, std::uint32_t ttl);
  /// The same with the question's name as owner.
  void open_at_question(Section section, Type type, std::uint32_t ttl);
  /// The same with an owner that already stands at `offset` of the message.
  void open_at(Section section, std::size_t offset, Type type, std::uint32_t ttl);

  void put8(std::uint8_t value);
  void put16(std::uint16_t value);
  void put32(std::uint32_t value);
  void put_bytes(WireView bytes);
  /// A name without compression (RFC 2782 and newer RDATA need that).
  void put_name(NameView name);
  /// A name that may point at the part it shares with the question.
  void put_compressed(NameView name);
  /// One <character-string>; what is beyond 255 bytes is cut off.
  void put_string(std::string_view text);
  /// One <character-string> of two pieces, `key` and `value`.
  void put_string(std::string_view key, std::string_view value);

  /// Closes the record. False when it did not fit: it is gone without trace.
  bool close();

  /// Adds a record that stands ready but for its owner, which stands at `owner_at`
  /// of the message already; its TTL goes out as `ttl_most` where it is above
  /// that. False when it did not fit.
  bool add_ready(Section section, std::size_t owner_at, std::string_view record,
                 std::uint32_t ttl_most) {
    if (owner_at >= kPointerReach) return add_far(section, owner_at, record, ttl_most);
    const std::size_t size = 2 + record.size();
    if (overflow_ || used_ + size > limit_) return false;
    dns::put16(&room_[used_], static_cast<std::uint16_t>(0xc000 | owner_at));
    std::memcpy(&room_[used_ + 2], record.data(), record.size());
    lower_ttl(&room_[used_ + 2 + kReadyTtl], ttl_most);
    used_ += size;
    ++counts_[static_cast<std::size_t>(section)];
    return true;
  }

  /// Where the next byte goes, for `open_at` later on.
  std::size_t offset() const { return used_; }

  struct Mark {
    std::size_t used;
    std::array<std::uint16_t, 3> counts;
  };
  Mark mark() const { return {used_, counts_}; }
  /// Takes back all records since `mark`.
  void rewind(const Mark& mark);

  std::uint16_t count(Section section) const { return counts_[static_cast<std::size_t>(section)]; }

  /// Writes header and OPT; returns the length of the whole reply. The
  /// extended error is left out, or loses its text, where there is no room.
  std::size_t finish(const ReplyFlags& flags, const ExtendedErrorText* extended = nullptr);

 private:
  static constexpr std::size_t kReadyTtl = 4;  // after type and class
  static void lower_ttl(std::uint8_t* at, std::uint32_t most) {
    if (get32(at) > most) dns::put32(at, most);
  }
  /// add_ready for what is beyond the reach of a pointer.
  bool add_far(Section section, std::size_t owner_at, std::string_view record,
               std::uint32_t ttl_most);
  static constexpr std::size_t kPointerReach = 0x4000;  // a compression pointer has 14 bits

  bool take(std::size_t bytes);
  /// open_at for what is beyond the reach of a pointer, which has 14 bits.
  void open_copy(Section section, std::size_t offset, Type type, std::uint32_t ttl);
  void begin_record(Section section, Type type, std::uint32_t ttl);

  const Query& query_;
  const ReplyOptions& options_;
  WireSpan room_;
  std::size_t limit_;  // what records may use: the room less the OPT's
  std::size_t used_ = 0;
  std::size_t record_at_ = 0;  // where the open record begins
  std::size_t rdata_at_ = 0;
  Section section_ = Section::answer;
  bool overflow_ = false;
  std::array<std::uint16_t, 3> counts_{};
};

}  // namespace dns
