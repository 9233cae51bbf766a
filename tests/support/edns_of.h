// What a message's OPT record says, as ldns reads it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "dnsd/dns/codes.h"
#include "dnsd/dns/wire.h"

namespace support {

struct EdnsSeen {
  std::uint16_t udp_size = 0;
  std::uint8_t version = 0;
  bool dnssec_ok = false;
  std::map<std::uint16_t, dns::Wire> options;  // by code

  /// The option's bytes; nothing: there is none.
  std::optional<dns::Wire> option(dns::EdnsOption code) const;
  /// The info code and text of the Extended DNS Error, as `3 text`; empty: none.
  std::string extended_error() const;
};

/// Nothing: there is no OPT.
std::optional<EdnsSeen> edns_of(dns::WireView message);

/// Of header and OPT together.
dns::Rcode rcode_of(dns::WireView message);

}  // namespace support
