#include "upstream/reply_check.h"

#include "dnsd/dns/message_reader.h"

namespace upstream {
namespace {

constexpr std::size_t kSoaNumbersSize = 20;

/// Walks `names` names from `at`; where they end, or 0.
std::size_t read_names(dns::WireView message, std::size_t at, int names) {
  for (; names > 0 && at != 0; --names) at = dns::NameReader::check(message, at);
  return at;
}

/// Names in RDATA may be compressed for these types alone (RFC 3597, 4), so a
/// broken one would break whoever reads the message.
bool rdata_fits(dns::WireView message, const dns::RecordView& record) {
  const std::size_t at = record.rdata_at;
  switch (record.type) {
    case dns::Type::A:
      return record.rclass != static_cast<std::uint16_t>(dns::Class::IN) || record.rdata_size == 4;
    case dns::Type::AAAA:
      return record.rdata_size == 16;
    case dns::Type::CNAME:
    case dns::Type::NS:
    case dns::Type::PTR:
    case dns::Type::DNAME:
      return read_names(message, at, 1) == record.end;
    case dns::Type::MX:
      return record.rdata_size > 2 && read_names(message, at + 2, 1) == record.end;
    case dns::Type::SRV:
      return record.rdata_size > 6 && read_names(message, at + 6, 1) == record.end;
    case dns::Type::SOA: {
      const std::size_t numbers = read_names(message, at, 2);
      return numbers != 0 && numbers + kSoaNumbersSize == record.end;
    }
    default:
      return true;
  }
}

/// The OPT's place: ADDITIONAL, at the root, once (RFC 6891, 6.1.1).
bool opt_fits(dns::WireView message, const dns::RecordView& record, bool seen) {
  return !seen && record.section == dns::Section::additional && message[record.owner_at] == 0;
}

/// Most owners are a pointer at the question, which was checked.
bool owner_fits(dns::WireView message, std::size_t at) {
  constexpr std::uint16_t kQuestion = 0xc000 | dns::kHeaderSize;
  return dns::get16(&message[at]) == kQuestion || dns::NameReader::check(message, at) != 0;
}

/// Reads all records. False when one is broken; `rcode` gets the OPT's bits.
bool records_fit(dns::MessageReader& reader, dns::WireView message, std::uint16_t& rcode) {
  dns::RecordView record;
  bool opt_seen = false;
  while (reader.next(record)) {
    if (record.type == dns::Type::OPT) {
      if (!opt_fits(message, record, opt_seen)) return false;
      opt_seen = true;
      rcode = static_cast<std::uint16_t>(rcode | (record.ttl >> 24) << 4);
    } else if (!owner_fits(message, record.owner_at) || !rdata_fits(message, record)) {
      return false;
    }
  }
  return reader.whole();
}

ReplyVerdict verdict_on(std::uint16_t rcode) {
  switch (static_cast<dns::Rcode>(rcode)) {
    case dns::Rcode::NOERROR:
    case dns::Rcode::NXDOMAIN:
      return ReplyVerdict::good;
    case dns::Rcode::FORMERR:
    case dns::Rcode::NOTIMP:
    case dns::Rcode::BADVERS:
      return ReplyVerdict::formerr;
    default:
      return ReplyVerdict::next_server;
  }
}

bool is_header_alone(dns::WireView message) {
  const dns::HeaderView header{message.data()};
  return message.size() == dns::kHeaderSize && header.question_count() == 0 &&
         header.rcode() != static_cast<std::uint8_t>(dns::Rcode::NOERROR) &&
         header.rcode() != static_cast<std::uint8_t>(dns::Rcode::NXDOMAIN);
}

/// Our question is sent uncompressed and must come back so. `name_stands`: its name was found as it
/// was sent; else it is compared without regard to case, whatever its bytes are.
bool same_question(dns::WireView message, const dns::Question& asked, bool name_stands) {
  const std::size_t size = asked.name.size();
  if (message.size() < dns::kHeaderSize + size + 4) return false;
  const std::uint8_t* rest = &message[dns::kHeaderSize + size];
  return dns::get16(rest) == static_cast<std::uint16_t>(asked.type) &&
         dns::get16(rest + 2) == static_cast<std::uint16_t>(asked.qclass) &&
         (name_stands ||
          dns::Name::from_wire(message.subspan(dns::kHeaderSize, size)) == asked.name);
}

}  // namespace

ReplyVerdict check_reply(dns::WireView message, std::uint16_t id, const dns::Question& asked,
                         LetterCase letters) {
  if (message.size() < dns::kHeaderSize) return ReplyVerdict::not_ours;
  const dns::HeaderView header{message.data()};
  if (header.id() != id || !header.is_response() || header.opcode() != 0) {
    return ReplyVerdict::not_ours;
  }
  if (is_header_alone(message)) return verdict_on(header.rcode());
  dns::MessageReader reader(message);
  const bool name_stands = letters.stands_at(message, dns::kHeaderSize, asked.name);
  if (!reader.skip_question() || !same_question(message, asked, name_stands)) {
    return ReplyVerdict::not_ours;
  }
  if (letters.mixed() && !name_stands) return ReplyVerdict::wrong_case;
  if (header.truncated()) return ReplyVerdict::truncated;
  std::uint16_t rcode = header.rcode();
  if (!records_fit(reader, message, rcode)) return ReplyVerdict::next_server;
  return verdict_on(rcode);
}

}  // namespace upstream
