#include "upstream/message_text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "dnsd/dns/message_reader.h"
#include "upstream/ldns_library.h"

namespace upstream {
namespace {

struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns().pkt_free(packet); }
};
struct FreeBuffer {
  void operator()(ldns_buffer* buffer) const { ldns().buffer_free(buffer); }
};
struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;
using Text = std::unique_ptr<char, FreeText>;

constexpr std::size_t kOptionHead = 4;  // code and length

std::string text_of(const Text& text) {
  return text ? std::string(text.get()) : std::string();
}

std::string header_of(const ldns_pkt* packet) {
  const std::unique_ptr<ldns_buffer, FreeBuffer> buffer(ldns().buffer_new(LDNS_MIN_BUFLEN));
  if (!buffer || ldns().pktheader2buffer_str(buffer.get(), packet) != LDNS_STATUS_OK) return {};
  std::string text = text_of(Text(ldns().buffer_export2str(buffer.get())));
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  return text;
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\t', ' ');
  while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
  return text;
}

std::vector<std::string> texts_of(const ldns_rr_list* records) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ldns().rr_list_rr_count(records); ++i) {
    out.push_back(one_line(text_of(Text(ldns().rr2str(ldns().rr_list_rr(records, i))))));
  }
  return out;
}

void read_options(dns::WireView options, std::vector<ExtendedErrorHeard>& out) {
  while (options.size() >= kOptionHead) {
    const std::uint16_t code = dns::get16(options.data());
    const std::size_t size = dns::get16(&options[2]);
    options = options.subspan(kOptionHead);
    if (size > options.size()) return;
    if (code == static_cast<std::uint16_t>(dns::EdnsOption::EXTENDED_ERROR) && size >= 2) {
      const auto* text = reinterpret_cast<const char*>(options.data()) + 2;
      out.push_back({dns::get16(options.data()), std::string(text, size - 2)});
    }
    options = options.subspan(size);
  }
}

/// What OPT says: errors, and the upper bits of the rcode.
void read_opt(dns::WireView message, MessageText& out) {
  dns::MessageReader reader(message);
  dns::Question question;
  dns::RecordView record;
  if (!reader.read_question(question)) return;
  while (reader.next(record)) {
    if (record.type != dns::Type::OPT) continue;
    const auto low = static_cast<std::uint16_t>(out.rcode);
    out.rcode = static_cast<dns::Rcode>((record.ttl >> 24U << 4U) | low);
    read_options(message.subspan(record.rdata_at, record.rdata_size), out.errors);
    return;
  }
}

// IANA, Extended DNS Error Codes; the place is the code.
constexpr std::array<std::string_view, 30> kNames{
    "Other",
    "Unsupported DNSKEY Algorithm",
    "Unsupported DS Digest Type",
    "Stale Answer",
    "Forged Answer",
    "DNSSEC Indeterminate",
    "DNSSEC Bogus",
    "Signature Expired",
    "Signature Not Yet Valid",
    "DNSKEY Missing",
    "RRSIGs Missing",
    "No Zone Key Bit Set",
    "NSEC Missing",
    "Cached Error",
    "Not Ready",
    "Blocked",
    "Censored",
    "Filtered",
    "Prohibited",
    "Stale NXDOMAIN Answer",
    "Not Authoritative",
    "Not Supported",
    "No Reachable Authority",
    "Network Error",
    "Invalid Data",
    "Signature Expired before Valid",
    "Too Early",
    "Unsupported NSEC3 Iterations Value",
    "Unable to conform to policy",
    "Synthesized",
};

}  // namespace

dns::Result<MessageText> message_text(dns::WireView message) try {
  ldns_pkt* read = nullptr;
  const ldns_status status = ldns().wire2pkt(&read, message.data(), message.size());
  const Packet packet(read);
  if (status != LDNS_STATUS_OK)
    return dns::Error{std::string("it is no DNS message: ") + ldns().get_errorstr_by_id(status)};
  MessageText out;
  out.header = header_of(packet.get());
  out.rcode = static_cast<dns::Rcode>(ldns().pkt_get_rcode(packet.get()));
  out.authoritative = ldns().pkt_aa(packet.get());
  out.truncated = ldns().pkt_tc(packet.get());
  out.answer = texts_of(ldns().pkt_answer(packet.get()));
  out.authority = texts_of(ldns().pkt_authority(packet.get()));
  out.additional = texts_of(ldns().pkt_additional(packet.get()));
  read_opt(message, out);
  return out;
} catch (const std::runtime_error& lacking) {  // the library, on this machine
  return dns::Error{lacking.what()};
}

std::string name_of_extended_error(std::uint16_t code) {
  return code < kNames.size() ? std::string(kNames[code]) : "code " + std::to_string(code);
}

}  // namespace upstream
