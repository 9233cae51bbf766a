#include "dnsd/dns/message_reader.h"

namespace dns {

bool MessageReader::has_one_question() const {
  return message_.size() >= kHeaderSize && header().question_count() == 1;
}

/// The question's name ends at `name_end`; 0: it is none.
bool MessageReader::begin(std::size_t name_end) {
  broken_ = name_end == 0 || name_end + 4 > message_.size();
  if (broken_) return false;
  at_ = records_at_ = name_end + 4;
  answers_ = header().answer_count();
  authorities_ = answers_ + header().authority_count();
  total_ = authorities_ + header().additional_count();
  return true;
}

bool MessageReader::read_question(Question& out) {
  const bool begun =
      begin(has_one_question() ? NameReader::read(message_, kHeaderSize, out.name) : 0);
  if (!begun) return false;
  out.type = question_type();
  out.qclass = static_cast<Class>(get16(&message_[at_ - 2]));
  return true;
}

bool MessageReader::skip_question() {
  return begin(has_one_question() ? NameReader::skip(message_, kHeaderSize) : 0);
}

bool MessageReader::next(RecordView& out) {
  if (broken_ || seen_ == total_) return false;
  broken_ = true;
  out.owner_at = at_;
  const std::size_t fixed = NameReader::skip(message_, at_);
  if (fixed == 0 || fixed + 10 > message_.size()) return false;
  out.type = static_cast<Type>(get16(&message_[fixed]));
  out.rclass = get16(&message_[fixed + 2]);
  out.ttl_at = fixed + 4;
  out.ttl = get32(&message_[out.ttl_at]);
  out.rdata_size = get16(&message_[fixed + 8]);
  out.rdata_at = fixed + 10;
  out.end = out.rdata_at + out.rdata_size;
  if (out.end > message_.size()) return false;
  out.section = seen_ < answers_       ? Section::answer
                : seen_ < authorities_ ? Section::authority
                                       : Section::additional;
  ++seen_;
  at_ = out.end;
  broken_ = false;
  return true;
}

}  // namespace dns
