#include "dnsd/signpost/text_records.h"

#include "dnsd/dns/message_reader.h"

namespace signpost::tool {
namespace {

template <typename Visit>
void each_answer(dns::WireView reply, dns::Type type, Visit visit) {
  dns::MessageReader reader(reply);
  dns::Question question;
  dns::RecordView record;
  if (reply.size() < dns::kHeaderSize || !reader.read_question(question)) return;
  while (reader.next(record)) {
    if (record.section == dns::Section::answer && record.type == type) visit(record);
  }
}

std::vector<std::string> strings_in(dns::WireView rdata) {
  std::vector<std::string> out;
  while (!rdata.empty() && rdata.size() > rdata[0]) {
    out.emplace_back(reinterpret_cast<const char*>(rdata.data()) + 1, rdata[0]);
    rdata = rdata.subspan(1 + rdata[0]);
  }
  return out;
}

}  // namespace

std::vector<std::vector<std::string>> texts_in(dns::WireView reply) {
  std::vector<std::vector<std::string>> out;
  each_answer(reply, dns::Type::TXT, [&](const dns::RecordView& record) {
    out.push_back(strings_in(reply.subspan(record.rdata_at, record.rdata_size)));
  });
  return out;
}

std::vector<dns::Name> pointers_in(dns::WireView reply) {
  std::vector<dns::Name> out;
  each_answer(reply, dns::Type::PTR, [&](const dns::RecordView& record) {
    dns::Name name;
    if (dns::NameReader::read(reply, record.rdata_at, name) != 0) out.push_back(name);
  });
  return out;
}

}  // namespace signpost::tool
