#include "tests/scenarios/client_query.h"

#include <algorithm>

#include "tests/support/records.h"

namespace scenario {
namespace {

void add16(dns::Wire& wire, unsigned value) {
  wire.push_back(static_cast<std::uint8_t>(value >> 8));
  wire.push_back(static_cast<std::uint8_t>(value));
}

void add_option(dns::Wire& options, dns::EdnsOption code, const dns::Wire& value) {
  add16(options, static_cast<unsigned>(code));
  add16(options, static_cast<unsigned>(value.size()));
  options.insert(options.end(), value.begin(), value.end());
}

void add_opt(dns::Wire& wire, const ClientAsks& asks) {
  dns::Wire options;
  if (!asks.cookie.empty()) add_option(options, dns::EdnsOption::COOKIE, asks.cookie);
  if (asks.keepalive) add_option(options, dns::EdnsOption::TCP_KEEPALIVE, {});
  wire.push_back(0);
  add16(wire, static_cast<unsigned>(dns::Type::OPT));
  add16(wire, asks.udp_size);
  add16(wire, asks.version);
  add16(wire, asks.dnssec_ok ? 0x8000 : 0);
  add16(wire, static_cast<unsigned>(options.size()));
  wire.insert(wire.end(), options.begin(), options.end());
  wire[11] = 1;  // ARCOUNT
}

}  // namespace

dns::Wire bytes_of(const ClientAsks& asks, std::uint16_t id) {
  dns::Wire wire = support::query(asks.name + " A", id);  // keeps the name's case
  dns::put16(&wire[wire.size() - 4], static_cast<std::uint16_t>(asks.question.type));
  dns::put16(&wire[wire.size() - 2], static_cast<std::uint16_t>(asks.question.qclass));
  wire[2] = asks.recursion_desired ? 0x01 : 0;
  wire[3] = static_cast<std::uint8_t>((asks.authentic_data ? 0x20 : 0) |
                                      (asks.checking_disabled ? 0x10 : 0));
  if (asks.edns) add_opt(wire, asks);
  return wire;
}

std::size_t most_bytes(const ClientAsks& asks) {
  if (asks.tcp) return dns::kMaxMessage;
  if (!asks.edns) return 512;
  return std::clamp<std::size_t>(asks.udp_size, 512, 1232);
}

}  // namespace scenario
