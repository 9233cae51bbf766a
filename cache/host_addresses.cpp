#include "cache/host_addresses.h"

#include "cache/answer_chain.h"
#include "dnsd/dns/message_reader.h"

namespace cache {
namespace {

void add_address(HostAddresses& out, dns::WireView rdata) {
  if (out.count == HostAddresses::kMost) return;
  if (rdata.size() == 4) {
    out.addresses[out.count++] = dns::IpAddress::v4(dns::get32(rdata.data()));
  } else if (rdata.size() == 16) {
    std::uint8_t bytes[16];
    std::memcpy(bytes, rdata.data(), sizeof bytes);
    out.addresses[out.count++] = dns::IpAddress::v6(bytes);
  }
}

}  // namespace

HostAddresses read_addresses(dns::WireView message) {
  HostAddresses out;
  const dns::Name end = end_of_chain(message);
  dns::MessageReader reader(message);
  dns::Question question;
  dns::RecordView record;
  dns::Name owner;
  if (!reader.read_question(question)) return out;
  while (reader.next(record) && record.section == dns::Section::answer) {
    if (record.type != question.type) continue;
    if (dns::NameReader::read(message, record.owner_at, owner) == 0 || !(owner == end)) continue;
    add_address(out, message.subspan(record.rdata_at, record.rdata_size));
  }
  out.known = out.count > 0 ? HostAddresses::Known::some : HostAddresses::Known::none;
  return out;
}

}  // namespace cache
