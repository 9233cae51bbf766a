// Text in lower case, by the DNS's rule: ASCII letters alone (RFC 4343). Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "dnsd/dns/name.h"

namespace dns {

inline std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(lower(static_cast<std::uint8_t>(c)));
  return out;
}

}  // namespace dns
