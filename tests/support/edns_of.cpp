#include "tests/support/edns_of.h"

#include <ldns/ldns.h>

#include <memory>
#include <string>

namespace support {
namespace {

struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;

Packet packet_from(dns::WireView bytes) {
  ldns_pkt* packet = nullptr;
  const ldns_status status = ldns_wire2pkt(&packet, bytes.data(), bytes.size());
  if (status != LDNS_STATUS_OK) {
    std::fprintf(stderr, "expected a message: %s\n", ldns_get_errorstr_by_id(status));
    std::abort();
  }
  return Packet(packet);
}

void read_options(dns::WireView data, EdnsSeen& out) {
  while (data.size() >= 4) {
    const std::uint16_t code = dns::get16(data.data());
    const std::size_t size = dns::get16(data.data() + 2);
    if (4 + size > data.size()) std::abort();
    const dns::WireView value = data.subspan(4, size);
    if (!out.options.emplace(code, dns::Wire(value.begin(), value.end())).second)
      std::abort();  // the same option twice
    data = data.subspan(4 + size);
  }
  if (!data.empty()) std::abort();
}

}  // namespace

std::optional<dns::Wire> EdnsSeen::option(dns::EdnsOption code) const {
  const auto found = options.find(static_cast<std::uint16_t>(code));
  if (found == options.end()) return std::nullopt;
  return found->second;
}

std::string EdnsSeen::extended_error() const {
  const auto bytes = option(dns::EdnsOption::EXTENDED_ERROR);
  if (!bytes) return "";
  return std::to_string(dns::get16(bytes->data())) + " " +
         std::string(bytes->begin() + 2, bytes->end());
}

std::optional<EdnsSeen> edns_of(dns::WireView message) {
  const Packet packet = packet_from(message);
  if (!ldns_pkt_edns(packet.get())) return std::nullopt;
  EdnsSeen out;
  out.udp_size = ldns_pkt_edns_udp_size(packet.get());
  out.version = ldns_pkt_edns_version(packet.get());
  out.dnssec_ok = ldns_pkt_edns_do(packet.get());
  if (const ldns_rdf* data = ldns_pkt_edns_data(packet.get()))
    read_options({ldns_rdf_data(data), ldns_rdf_size(data)}, out);
  return out;
}

dns::Rcode rcode_of(dns::WireView message) {
  const Packet packet = packet_from(message);
  const unsigned high = ldns_pkt_edns_extended_rcode(packet.get());
  return static_cast<dns::Rcode>(high << 4 | ldns_pkt_get_rcode(packet.get()));
}

}  // namespace support
