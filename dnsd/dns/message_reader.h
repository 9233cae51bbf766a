// Walks the records of a message that came from upstream (RFC 1035, 4.1.3).
//
// Pure and allocation-free; every length is checked before it is believed.
#pragma once

#include "dnsd/dns/question.h"
#include "dnsd/dns/reply_writer.h"
#include "dnsd/dns/wire.h"

namespace dns {

/// One record, by its places in the message that was walked. The names in it
/// are for NameReader::read to check: their pointers were not followed.
struct RecordView {
  Section section = Section::answer;
  Type type = Type::A;
  std::uint16_t rclass = 0;
  std::uint32_t ttl = 0;
  std::size_t owner_at = 0;
  std::size_t ttl_at = 0;  // the four bytes of the TTL
  std::size_t rdata_at = 0;
  std::size_t rdata_size = 0;
  std::size_t end = 0;  // where the next record begins
};

class MessageReader {
 public:
  /// REQUIRES: `message` outlives the reader.
  explicit MessageReader(WireView message) : message_(message) {}

  /// Reads header and question. False when it is too short, has not exactly
  /// one question, or the question is broken.
  bool read_question(Question& out);
  /// The same for who knows the question: its name is passed by, and what a pointer in it points at
  /// is not looked at.
  bool skip_question();
  /// REQUIRES: the question was read, or skipped.
  Type question_type() const { return static_cast<Type>(get16(&message_[records_at_ - 4])); }

  /// The next record. False at the end, and when what follows is broken:
  /// `whole()` says which.
  bool next(RecordView& out);

  /// All records that the header announces were read, and nothing follows.
  bool whole() const { return !broken_ && seen_ == total_ && at_ == message_.size(); }

  HeaderView header() const { return {message_.data()}; }

 private:
  bool has_one_question() const;
  bool begin(std::size_t question_end);

  WireView message_;
  std::size_t records_at_ = 0;
  std::size_t at_ = 0;
  unsigned seen_ = 0;
  unsigned answers_ = 0;
  unsigned authorities_ = 0;  // and those before them
  unsigned total_ = 0;
  bool broken_ = false;
};

}  // namespace dns
