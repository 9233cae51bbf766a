// What is known of a host's addresses of one type, read out of an answer.
#pragma once

#include <array>
#include <cstdint>

#include "dnsd/dns/address.h"
#include "dnsd/dns/wire.h"

namespace cache {

struct HostAddresses {
  enum class Known : std::uint8_t {
    no,      // ask upstream
    none,    // it has none: NODATA or NXDOMAIN
    failed,  // upstream did not say lately, and is left alone
    some,
  };
  static constexpr std::size_t kMost = 16;  // further ones are left out

  Known known = Known::no;
  bool ends_soon = false;  // upstream is to be asked anew, behind what uses this; told once
  std::uint32_t ttl = 0;   // seconds for which this stays valid
  std::size_t count = 0;
  std::array<dns::IpAddress, kMost> addresses;
};

/// Reads the A or AAAA records, whichever was asked, that the question's name
/// and its CNAMEs lead to. REQUIRES: a well-formed NOERROR or NXDOMAIN message;
/// `ttl` is left to the caller.
HostAddresses read_addresses(dns::WireView message);

}  // namespace cache
