#include "upstream/query_writer.h"

#include <algorithm>

namespace upstream {
namespace {

std::uint8_t* write_opt(std::uint8_t* at, bool dnssec_ok) {
  *at++ = 0;  // the root
  dns::put16(at, static_cast<std::uint16_t>(dns::Type::OPT));
  dns::put16(at + 2, kUpstreamUdpSize);
  dns::put32(at + 4, dnssec_ok ? 0x8000U : 0U);
  dns::put16(at + 8, 0);
  return at + 10;
}

}  // namespace

dns::WireView write_query(const UpstreamQuery& query, std::uint16_t id, QueryBytes& room,
                          LetterCase letters) {
  const dns::Name& name = query.question.name;
  std::fill_n(room.begin(), dns::kHeaderSize, std::uint8_t{0});
  dns::put16(&room[0], id);
  room[2] = 0x01;  // RD
  room[3] = query.checking_disabled ? 0x10 : 0;
  dns::put16(&room[4], 1);
  dns::put16(&room[10], query.edns ? 1 : 0);
  std::uint8_t* at = &room[dns::kHeaderSize];
  std::memcpy(at, name.data(), name.size());
  letters.mix({at, name.size()});
  at += name.size();
  dns::put16(at, static_cast<std::uint16_t>(query.question.type));
  dns::put16(at + 2, static_cast<std::uint16_t>(query.question.qclass));
  at += 4;
  if (query.edns) at = write_opt(at, query.dnssec_ok);
  return {room.data(), static_cast<std::size_t>(at - room.data())};
}

}  // namespace upstream
