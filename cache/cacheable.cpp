#include "cache/cacheable.h"

#include <algorithm>
#include <optional>

#include "cache/answer_chain.h"
#include "dnsd/dns/message_reader.h"

namespace cache {
namespace {

constexpr std::size_t kSoaNumbersSize = 20;  // serial, refresh, retry, expire, MINIMUM
constexpr std::uint32_t kTtlTopBit = 0x80000000;

/// What one walk over the records finds.
struct Findings {
  std::uint32_t lowest_ttl = kTtlTopBit - 1;
  std::optional<dns::RecordView> soa;
  std::size_t opt_at = 0;       // 0: no OPT
  std::uint16_t after_opt = 0;  // records that follow the OPT
  bool has_cname = false;       // in ANSWER
  bool has_data = false;        // in ANSWER, of the question's own name and type
};

void note_answer(Findings& found, const dns::RecordView& record, dns::WireView message,
                 dns::Type asked) {
  constexpr std::uint16_t kQuestion = 0xc000 | dns::kHeaderSize;  // a pointer at its name
  found.has_cname = found.has_cname || record.type == dns::Type::CNAME;
  found.has_data = found.has_data ||
                   (record.type == asked && dns::get16(&message[record.owner_at]) == kQuestion);
}

std::uint32_t lower_ttl(std::uint8_t* at, std::uint32_t most) {
  const std::uint32_t said = dns::get32(at);
  const std::uint32_t ttl = (said & kTtlTopBit) != 0 ? 0 : std::min(said, most);
  if (ttl != said) dns::put32(at, ttl);
  return ttl;
}

Findings walk(dns::MessageReader& reader, StoredForm& form, std::uint32_t max_ttl) {
  Findings found;
  dns::RecordView record;
  while (reader.next(record)) {
    if (found.opt_at != 0) {
      ++found.after_opt;
      continue;
    }
    if (record.type == dns::Type::OPT && record.section == dns::Section::additional) {
      found.opt_at = record.owner_at;
      continue;
    }
    form.ttl_places.push_back(static_cast<std::uint16_t>(record.ttl_at));
    found.lowest_ttl = std::min(found.lowest_ttl, lower_ttl(&form.wire[record.ttl_at], max_ttl));
    if (record.section == dns::Section::answer)
      note_answer(found, record, form.wire, reader.question_type());
    if (record.type == dns::Type::SOA && record.section == dns::Section::authority) {
      found.soa = record;
    }
  }
  return found;
}

/// Cuts the message at its OPT. What follows it (TSIG, or ADDITIONAL records of
/// a server that puts its OPT first) goes too: names there may point behind it.
void drop_opt(StoredForm& form, const Findings& found) {
  if (found.opt_at == 0) return;
  std::uint8_t* count = &form.wire[10];
  dns::put16(count, static_cast<std::uint16_t>(dns::get16(count) - 1 - found.after_opt));
  form.wire.resize(found.opt_at);
}

/// RFC 2308, 5; 0 when there is no SOA to say.
std::uint32_t negative_ttl(StoredForm& form, const Findings& found) {
  if (!found.soa || found.soa->rdata_size < kSoaNumbersSize) return 0;
  const auto most = static_cast<std::uint32_t>(kNegativeTtlMost.count());
  const std::uint32_t minimum = dns::get32(&form.wire[found.soa->end - 4]);
  if ((minimum & kTtlTopBit) != 0) return 0;
  return lower_ttl(&form.wire[found.soa->ttl_at], std::min(minimum, most));
}

std::uint32_t ttl_of(StoredForm& form, const Findings& found) {
  const dns::HeaderView header{form.wire.data()};
  const auto rcode = static_cast<dns::Rcode>(header.rcode());
  if (header.truncated() || form.ttl_places.empty()) return 0;
  if (rcode != dns::Rcode::NOERROR && rcode != dns::Rcode::NXDOMAIN) return 0;
  const bool simple = found.has_data && !found.has_cname;
  const bool positive =
      rcode == dns::Rcode::NOERROR && (simple || has_data(form.wire, end_of_chain(form.wire)));
  return positive ? found.lowest_ttl : std::min(found.lowest_ttl, negative_ttl(form, found));
}

}  // namespace

StoredForm stored_form(dns::WireView message, dns::Seconds max_ttl) {
  StoredForm form;
  make_stored_form(message, max_ttl, form);
  return form;
}

void make_stored_form(dns::WireView message, dns::Seconds max_ttl, StoredForm& out) {
  out.wire.assign(message.begin(), message.end());
  out.ttl_places.clear();
  out.ttl = dns::Seconds(0);
  dns::MessageReader reader(out.wire);
  const std::size_t name_end = dns::NameReader::plain_end(out.wire, dns::kHeaderSize);
  if (name_end == 0 || !reader.skip_question()) return;
  std::uint8_t* name = &out.wire[dns::kHeaderSize];
  dns::copy_lower(name, name, name_end - dns::kHeaderSize);
  dns::put16(out.wire.data(), 0);
  const Findings found = walk(reader, out, static_cast<std::uint32_t>(max_ttl.count()));
  if (!reader.whole()) return;
  drop_opt(out, found);
  out.ttl = dns::Seconds(ttl_of(out, found));
}

}  // namespace cache
