// Mixed case on the wire (0x20, draft-vixie-dnsext-dns0x20): each letter of the
// question is sent in a case that is drawn, and must come back so. Whoever guesses
// a reply must guess that too.
//
// Pure; allocates nothing.
#pragma once

#include <cstdint>

#include "dnsd/dns/name.h"
#include "dnsd/dns/wire.h"

namespace upstream {

/// Which letters of a name are upper-case on the wire.
class LetterCase {
 public:
  /// All are lower-case, and it does not matter how they come back.
  LetterCase() = default;
  /// One bit for each byte of the name; from the 65th on they are used again.
  explicit LetterCase(std::uint64_t drawn) : bits_(drawn) {}

  bool mixed() const { return bits_ != 0; }
  /// Puts the bytes of a name, which are lower-case, into the case in which it is sent.
  void mix(dns::WireSpan name) const;
  /// Whether `name` stands at `at` of `message` as it was sent, letter for letter.
  bool stands_at(dns::WireView message, std::size_t at, const dns::Name& name) const;

 private:
  std::uint64_t bits_ = 0;
};

/// Puts `name` back into lower case, in the question and where owners repeat it
/// whole. REQUIRES: `message` was checked against the question `name`.
void restore_case(dns::WireSpan message, const dns::Name& name, LetterCase letters);

}  // namespace upstream
