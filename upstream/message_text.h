// A DNS message as people read it: records as zone text, flags, and the Extended
// DNS Errors (RFC 8914) with the names that IANA gives them.
//
// Pure; any thread. Zone text shows what is not printable as \DDD.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/codes.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"

namespace upstream {

struct ExtendedErrorHeard {
  std::uint16_t code = 0;
  std::string text;  // as it came, whatever it holds
};

struct MessageText {
  std::string header;  // two lines, as dig and drill have them
  dns::Rcode rcode = dns::Rcode::NOERROR;
  bool authoritative = false;
  bool truncated = false;
  // One record each, one blank between fields. OPT is left out.
  std::vector<std::string> answer, authority, additional;
  std::vector<ExtendedErrorHeard> errors;
};

/// Nothing but a sentence where `message` is not well formed to its last byte.
dns::Result<MessageText> message_text(dns::WireView message);

/// `Stale Answer`; `code 4711` for one without a name.
std::string name_of_extended_error(std::uint16_t code);

}  // namespace upstream
