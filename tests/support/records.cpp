#include "tests/support/records.h"

#include <ldns/ldns.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace support {
namespace {

struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
struct FreeRecord {
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};
struct FreeBytes {
  void operator()(void* bytes) const { std::free(bytes); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;
using RecordPointer = std::unique_ptr<ldns_rr, FreeRecord>;

[[noreturn]] void give_up(const std::string& what, const std::string& text, ldns_status status) {
  std::fprintf(stderr, "%s '%s': %s\n", what.c_str(), text.c_str(),
               ldns_get_errorstr_by_id(status));
  std::abort();
}

RecordPointer record_from(const std::string& text) {
  ldns_rr* record = nullptr;
  const ldns_status status = ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr);
  if (status != LDNS_STATUS_OK) give_up("expected a record, found", text, status);
  return RecordPointer(record);
}

Packet packet_from(dns::WireView bytes) {
  ldns_pkt* packet = nullptr;
  const ldns_status status = ldns_wire2pkt(&packet, bytes.data(), bytes.size());
  if (status != LDNS_STATUS_OK) give_up("expected a message, found", "other bytes", status);
  return Packet(packet);
}

Packet packet_for(const std::string& question, bool edns, bool dnssec_ok) {
  ldns_rr* asked = nullptr;
  const ldns_status status =
      ldns_rr_new_question_frm_str(&asked, question.c_str(), nullptr, nullptr);
  if (status != LDNS_STATUS_OK) give_up("expected a question, found", question, status);
  Packet packet(ldns_pkt_new());
  ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, asked);
  ldns_pkt_set_rd(packet.get(), true);
  if (edns) ldns_pkt_set_edns_udp_size(packet.get(), 1232);
  if (dnssec_ok) ldns_pkt_set_edns_do(packet.get(), true);
  return packet;
}

void add(ldns_pkt* packet, ldns_pkt_section section, const std::vector<std::string>& texts) {
  for (const auto& text : texts) ldns_pkt_push_rr(packet, section, record_from(text).release());
}

dns::Wire wire_of(const Packet& packet) {
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  const ldns_status status = ldns_pkt2wire(&bytes, packet.get(), &size);
  if (status != LDNS_STATUS_OK) give_up("expected a message, found", "other records", status);
  const std::unique_ptr<std::uint8_t, FreeBytes> owned(bytes);
  return {bytes, bytes + size};
}

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\t', ' ');
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::vector<std::string> texts_of(const ldns_rr_list* records) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
    const std::unique_ptr<char, FreeBytes> text(ldns_rr2str(ldns_rr_list_rr(records, i)));
    out.push_back(one_line(text.get()));
  }
  return out;
}

}  // namespace

dns::Wire message(const std::string& question, const Parts& parts) {
  const Packet packet = packet_for(question, parts.edns, false);
  ldns_pkt_set_qr(packet.get(), true);
  ldns_pkt_set_ra(packet.get(), true);
  ldns_pkt_set_tc(packet.get(), parts.truncated);
  ldns_pkt_set_id(packet.get(), parts.id);
  ldns_pkt_set_rcode(packet.get(), static_cast<std::uint8_t>(parts.rcode));
  add(packet.get(), LDNS_SECTION_ANSWER, parts.answer);
  add(packet.get(), LDNS_SECTION_AUTHORITY, parts.authority);
  add(packet.get(), LDNS_SECTION_ADDITIONAL, parts.additional);
  return wire_of(packet);
}

dns::Wire query(const std::string& question, std::uint16_t id, bool edns, bool dnssec_ok) {
  const Packet packet = packet_for(question, edns || dnssec_ok, dnssec_ok);
  ldns_pkt_set_id(packet.get(), id);
  return wire_of(packet);
}

dns::Wire rr(const std::string& text) {
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  const RecordPointer record = record_from(text);
  ldns_rr2wire(&bytes, record.get(), LDNS_SECTION_ANSWER, &size);
  const std::unique_ptr<std::uint8_t, FreeBytes> owned(bytes);
  return {bytes, bytes + size};
}

std::vector<std::string> answers_of(dns::WireView message) {
  return texts_of(ldns_pkt_answer(packet_from(message).get()));
}

std::vector<std::string> authorities_of(dns::WireView message) {
  return texts_of(ldns_pkt_authority(packet_from(message).get()));
}

std::vector<std::string> additionals_of(dns::WireView message) {
  return texts_of(ldns_pkt_additional(packet_from(message).get()));
}

std::string question_of(dns::WireView message) {
  const Packet packet = packet_from(message);
  const ldns_rr* asked = ldns_rr_list_rr(ldns_pkt_question(packet.get()), 0);
  const std::unique_ptr<char, FreeBytes> name(ldns_rdf2str(ldns_rr_owner(asked)));
  const std::unique_ptr<char, FreeBytes> type(ldns_rr_type2str(ldns_rr_get_type(asked)));
  return std::string(name.get()) + " " + type.get();
}

bool has_edns(dns::WireView message) {
  return ldns_pkt_edns(packet_from(message).get());
}

}  // namespace support
