// Any bytes as a query; and a reply to each, in rooms of several sizes, which
// must be a message that reads back.
#include <cstdlib>

#include "dnsd/dns/message_reader.h"
#include "dnsd/dns/query.h"
#include "dnsd/dns/reply_writer.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_query(dns::WireView packet, const dns::Query& query, dns::QueryVerdict verdict) {
  demand(query.id == dns::get16(packet.data()));
  demand(query.edns.cookie_size <= query.edns.cookie.size());
  demand(query.edns.udp_size >= dns::kNoEdnsUdpSize || !query.edns.present);
  if (verdict == dns::QueryVerdict::fine) demand(!query.raw_question.empty());
}

void write_records(const dns::Query& query, dns::ReplyWriter& out) {
  const dns::NameView asked = query.question.name.view();
  const bool deep = !query.question.name.is_root();
  bool fits = true;
  while (fits) {
    out.open_at_question(dns::Section::answer, dns::Type::SRV, 5);
    for (int i = 0; i < 3; ++i) out.put16(1);
    out.put_name(asked);
    fits = out.close();
  }
  out.open(dns::Section::authority, deep ? dns::parent(asked) : asked, dns::Type::NS, 5);
  out.put_compressed(asked);
  out.close();
}

void check_reply(dns::WireView reply, const dns::Query& query, std::uint16_t answers) {
  dns::MessageReader reader(reply);
  dns::Question question;
  demand(reader.read_question(question));
  demand(question == query.question);
  demand(reader.header().answer_count() == answers);
  bool edns = false;
  for (dns::RecordView record; reader.next(record);) {
    edns = edns || record.type == dns::Type::OPT;
    if (record.type == dns::Type::OPT) continue;
    dns::Name target;
    const std::size_t skipped = record.type == dns::Type::SRV ? 6 : 0;
    demand(dns::NameReader::read(reply, record.rdata_at + skipped, target) ==
           record.rdata_at + record.rdata_size);
    demand(target == query.question.name);
  }
  demand(reader.whole());
  demand(edns == query.edns.present);
}

void reply_into(std::size_t room_size, const dns::Query& query) {
  dns::Wire room(room_size);
  dns::ReplyOptions options;
  options.has_cookie = query.edns.cookie_size > 0;
  options.cookie.fill(7);
  options.keepalive = query.edns.wants_keepalive ? 100 : 0;
  dns::ReplyWriter out(query, room, options);
  if (!query.raw_question.empty()) write_records(query, out);
  const std::uint16_t answers = out.count(dns::Section::answer);
  const dns::ExtendedErrorText why{dns::ExtendedError::OTHER, "a sentence"};
  const std::size_t size = out.finish({}, &why);
  demand(size <= room_size && size >= dns::kHeaderSize);
  if (!query.raw_question.empty()) check_reply(dns::WireView(room).first(size), query, answers);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const dns::WireView packet(data, size);
  dns::Query query;
  const dns::QueryVerdict verdict = dns::parse_query(packet, query);
  if (verdict == dns::QueryVerdict::not_a_query) return 0;
  check_query(packet, query, verdict);
  for (const std::size_t room : {512, 513, 530, 1232, 4096}) reply_into(room, query);
  return 0;
}
