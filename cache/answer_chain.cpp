#include "cache/answer_chain.h"

#include "dnsd/dns/message_reader.h"

namespace cache {
namespace {

/// One walk over ANSWER: follows each CNAME that `current` owns when it is met.
/// Returns how many were followed.
std::size_t follow(dns::WireView message, dns::Name& current) {
  dns::MessageReader reader(message);
  dns::RecordView record;
  dns::Name owner;
  std::size_t followed = 0;
  reader.skip_question();
  while (followed < kLongestChain && reader.next(record) &&
         record.section == dns::Section::answer) {
    if (record.type != dns::Type::CNAME) continue;
    if (dns::NameReader::read(message, record.owner_at, owner) == 0 || !(owner == current))
      continue;
    if (dns::NameReader::read(message, record.rdata_at, owner) == 0) continue;
    current = owner;
    ++followed;
  }
  return followed;
}

}  // namespace

dns::Name end_of_chain(dns::WireView message) {
  dns::MessageReader reader(message);
  dns::Question question;
  if (!reader.read_question(question)) return {};
  dns::Name current = question.name;
  if (question.type == dns::Type::CNAME || question.type == dns::Type::ANY) return current;
  for (std::size_t links = 0; links < kLongestChain;) {
    const std::size_t followed = follow(message, current);
    if (followed == 0) break;
    links += followed;
  }
  return current;
}

bool has_data(dns::WireView message, const dns::Name& end) {
  dns::MessageReader reader(message);
  dns::RecordView record;
  dns::Name owner;
  if (!reader.skip_question()) return false;
  const dns::Type type = reader.question_type();
  while (reader.next(record) && record.section == dns::Section::answer) {
    if (type != dns::Type::ANY && record.type != type) continue;
    if (dns::NameReader::read(message, record.owner_at, owner) != 0 && owner == end) return true;
  }
  return false;
}

}  // namespace cache
