#include "dnsd/special_name.h"

namespace signpost {
namespace {

constexpr dns::NameView kLocalhost("\x09localhost\0", 11);
constexpr dns::NameView kInvalid("\x07invalid\0", 9);
constexpr dns::NameView kOnion("\x05onion\0", 7);
constexpr dns::NameView kAlt(
    "\x03"
    "alt\0",
    5);

bool below(dns::NameView name, dns::NameView top) {
  return name.ends_with(top) && dns::is_within(name, top);
}

}  // namespace

SpecialName special_name(dns::NameView name) {
  if (below(name, kLocalhost)) return SpecialName::localhost;
  const bool nowhere = below(name, kInvalid) || below(name, kOnion) || below(name, kAlt);
  return nowhere ? SpecialName::nowhere : SpecialName::none;
}

}  // namespace signpost
