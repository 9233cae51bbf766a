#include "dnsd/dns/query.h"

#include <algorithm>

namespace dns {
namespace {

constexpr std::size_t kRecordFixedSize = 10;  // type, class, TTL, RDLENGTH
constexpr std::size_t kShortestServerCookie = 8;

/// QUERY, IQUERY, STATUS, NOTIFY and UPDATE share one form.
bool is_defined(std::uint8_t opcode) {
  return opcode <= 5 && opcode != 3;
}

/// Reads the question at byte 12. Returns where the records begin, or 0. A
/// pointer here could only point into the header, so none is taken.
std::size_t read_question(WireView packet, Query& out) {
  const std::size_t end = NameReader::plain_end(packet, kHeaderSize);
  if (end == 0 || end + 4 > packet.size()) return 0;
  out.question.name.assign(packet.subspan(kHeaderSize, end - kHeaderSize));
  out.question.type = static_cast<Type>(get16(&packet[end]));
  out.question.qclass = static_cast<Class>(get16(&packet[end + 2]));
  out.raw_question = packet.subspan(kHeaderSize, end + 4 - kHeaderSize);
  return end + 4;
}

/// Of several cookies the first counts (RFC 7873, 5.2).
bool read_cookie(WireView value, Edns& edns) {
  if (edns.cookie_size != 0) return true;
  const std::size_t server = value.size() - std::min(value.size(), kClientCookieSize);
  const bool right = value.size() == kClientCookieSize ||
                     (server >= kShortestServerCookie && server <= kServerCookieMost);
  if (!right) return false;
  edns.cookie_size = static_cast<std::uint8_t>(value.size());
  std::copy(value.begin(), value.end(), edns.cookie.begin());
  return true;
}

bool read_options(WireView options, Edns& edns) {
  while (!options.empty()) {
    if (options.size() < 4) return false;
    const auto code = static_cast<EdnsOption>(get16(options.data()));
    const std::size_t length = get16(options.data() + 2);
    if (options.size() < 4 + length) return false;
    const WireView value = options.subspan(4, length);
    if (code == EdnsOption::COOKIE && !read_cookie(value, edns)) return false;
    if (code == EdnsOption::TCP_KEEPALIVE && value.empty()) edns.wants_keepalive = true;
    options = options.subspan(4 + length);
  }
  return true;
}

/// Reads an OPT whose type field is at `at`. REQUIRES: its RDATA is in `packet`.
bool read_opt(WireView packet, std::size_t at, std::size_t rdata_size, Edns& edns) {
  edns.present = true;
  edns.udp_size = std::max(get16(&packet[at + 2]), kNoEdnsUdpSize);
  edns.version = packet[at + 5];
  edns.dnssec_ok = (packet[at + 6] & 0x80) != 0;
  if (edns.version != 0) return true;  // its options may mean anything
  return read_options(packet.subspan(at + kRecordFixedSize, rdata_size), edns);
}

/// Walks every record after the question; only OPT means something here.
bool read_records(WireView packet, std::size_t at, Query& out) {
  const HeaderView header{packet.data()};
  const unsigned before_additional = header.answer_count() + header.authority_count();
  const unsigned total = before_additional + header.additional_count();
  for (unsigned i = 0; i < total; ++i) {
    const std::size_t owner = at;
    at = NameReader::skip(packet, at);
    if (at == 0 || at + kRecordFixedSize > packet.size()) return false;
    const std::size_t rdata_size = get16(&packet[at + 8]);
    if (at + kRecordFixedSize + rdata_size > packet.size()) return false;
    if (static_cast<Type>(get16(&packet[at])) == Type::OPT) {
      const bool is_root = packet[owner] == 0;
      if (i < before_additional || !is_root || out.edns.present) return false;
      if (!read_opt(packet, at, rdata_size, out.edns)) return false;
    }
    at += kRecordFixedSize + rdata_size;
  }
  return at == packet.size();
}

}  // namespace

QueryVerdict parse_query(WireView packet, Query& out) {
  if (packet.size() < kHeaderSize) return QueryVerdict::not_a_query;
  const HeaderView header{packet.data()};
  if (header.is_response()) return QueryVerdict::not_a_query;
  out.id = header.id();
  out.opcode = header.opcode();
  out.recursion_desired = header.recursion_desired();
  out.checking_disabled = header.checking_disabled();
  out.authentic_data = header.authentic_data();
  out.raw_question = {};
  out.edns.present = out.edns.dnssec_ok = out.edns.wants_keepalive = false;
  out.edns.version = out.edns.cookie_size = 0;
  out.edns.udp_size = kNoEdnsUdpSize;
  if (static_cast<Opcode>(out.opcode) != Opcode::QUERY) {
    // The reply has an OPT if this has one that can be read. What a message of an
    // opcode that nobody defined looks like, nobody knows: its reply is a header.
    const bool readable = is_defined(out.opcode) && header.question_count() == 1;
    const std::size_t end = readable ? read_question(packet, out) : 0;
    if (end != 0 && !read_records(packet, end, out)) out.edns.present = false;
    return QueryVerdict::not_implemented;
  }
  if (header.question_count() != 1) return QueryVerdict::malformed;  // RFC 9619
  const std::size_t records = read_question(packet, out);
  if (records == 0 || !read_records(packet, records, out)) return QueryVerdict::malformed;
  return out.edns.version == 0 ? QueryVerdict::fine : QueryVerdict::bad_version;
}

}  // namespace dns
