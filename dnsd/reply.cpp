#include "dnsd/reply.h"

#include <array>

#include "dnsd/dns/message_reader.h"
#include "dnsd/dns/reply_writer.h"

namespace signpost {
namespace {

struct Cut {
  std::size_t size = 0;                   // bytes of the message that stay
  std::array<std::uint16_t, 3> counts{};  // records that stay, by section
  bool truncated = false;
};

Cut whole(dns::WireView stored) {
  const dns::HeaderView header{stored.data()};
  return {stored.size(),
          {header.answer_count(), header.authority_count(), header.additional_count()},
          false};
}

/// Which records stay when only `limit` bytes do.
Cut cut_to(dns::WireView stored, std::size_t limit) {
  Cut cut;
  dns::MessageReader reader(stored);
  dns::Question question;
  if (!reader.read_question(question)) return cut;
  cut.size = dns::kHeaderSize + question.name.size() + 4;
  dns::RecordView record;
  while (reader.next(record) && record.end <= limit) {
    ++cut.counts[static_cast<std::size_t>(record.section)];
    cut.size = record.end;
  }
  const dns::HeaderView header = reader.header();
  const bool all_answers = cut.counts[0] == header.answer_count();
  const bool all_authority = cut.counts[1] == header.authority_count();
  // RFC 2181, 9: TC only when something that had to be there was cut. A negative
  // answer needs its SOA; a positive one does not need the authority section.
  cut.truncated = !all_answers || (header.answer_count() == 0 && !all_authority);
  return cut;
}

void write_header(const dns::Query& query, dns::WireView stored, const Cut& cut, bool trust_ad,
                  dns::WireSpan room) {
  const dns::HeaderView upstream{stored.data()};
  const std::uint8_t rcode = upstream.rcode();
  const bool wants_ad = query.authentic_data || query.edns.dnssec_ok;
  const bool ad = trust_ad && wants_ad && upstream.authentic_data();
  dns::put16(&room[0], query.id);
  room[2] =
      static_cast<std::uint8_t>(0x80 | (cut.truncated ? 2 : 0) | (query.recursion_desired ? 1 : 0));
  room[3] = static_cast<std::uint8_t>(0x80 | (ad ? 0x20 : 0) |
                                      (query.checking_disabled ? 0x10 : 0) | rcode);
  dns::put16(&room[4], 1);
  for (std::size_t i = 0; i < cut.counts.size(); ++i) dns::put16(&room[6 + 2 * i], cut.counts[i]);
}

}  // namespace

std::size_t fit_reply(const dns::Query& query, dns::WireView stored,
                      const dns::ReplyOptions& options, bool trust_ad, dns::WireSpan room,
                      const dns::ExtendedErrorText* extended) {
  const std::size_t limit = room.size() - dns::opt_room(query, options);
  const Cut cut = stored.size() <= limit ? whole(stored) : cut_to(stored, limit);
  if (stored.data() != room.data()) std::memmove(room.data(), stored.data(), cut.size);
  write_header(query, stored, cut, trust_ad, room);
  std::memcpy(&room[dns::kHeaderSize], query.raw_question.data(), query.raw_question.size());
  const auto rcode = static_cast<dns::Rcode>(room[3] & 0x0f);
  const std::size_t size = dns::append_opt(room, cut.size, query, options, rcode, extended);
  if (size > cut.size) dns::put16(&room[10], static_cast<std::uint16_t>(cut.counts[2] + 1));
  return size;
}

std::size_t error_reply(const dns::Query& query, dns::Rcode rcode, const dns::ReplyOptions& options,
                        const dns::ExtendedErrorText* extended, dns::WireSpan room) {
  dns::ReplyWriter writer(query, room, options);
  dns::ReplyFlags flags;
  flags.rcode = rcode;
  return writer.finish(flags, extended);
}

}  // namespace signpost
