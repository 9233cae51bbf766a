#include "dnsd/dns/message_reader.h"

namespace dns {

bool MessageReader::read_question(Question& out) {
  broken_ = true;
  if (message_.size() < kHeaderSize || header().question_count() != 1) return false;
  const std::size_t end = NameReader::read(message_, kHeaderSize, out.name);
  if (end == 0 || end + 4 > message_.size()) return false;
  out.type = static_cast<Type>(get16(&message_[end]));
  out.qclass = static_cast<Class>(get16(&message_[end + 2]));
  at_ = end + 4;
  total_ = 0U + header().answer_count() + header().authority_count() + header().additional_count();
  broken_ = false;
  return true;
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
  const unsigned answers = header().answer_count();
  const unsigned authorities = answers + header().authority_count();
  out.section = seen_ < answers       ? Section::answer
                : seen_ < authorities ? Section::authority
                                      : Section::additional;
  ++seen_;
  at_ = out.end;
  broken_ = false;
  return true;
}

}  // namespace dns
