// What an answer is kept, looked up and waited for under.
#pragma once

#include <cstdint>

#include "dnsd/dns/question.h"

namespace cache {

/// In a key: the NXDOMAIN that answers every type of the name. Type 0 is
/// reserved (RFC 6895, 3.1), so no question has it.
constexpr dns::Type kAnyType{0};

/// `name` points at bytes of somebody else, who must outlive the key.
struct AnswerKey {
  dns::NameView name;  // lower case
  dns::Type type = dns::Type::A;
  dns::Class qclass = dns::Class::IN;
  bool dnssec_ok = false;
  bool checking_disabled = false;
  std::uint64_t name_hash = 0;  // dns::hash_name(name, dns::hash_seed())

  /// Hashes the name. REQUIRES: `question` outlives the key.
  static AnswerKey of(const dns::Question& question, bool dnssec_ok, bool checking_disabled) {
    const dns::NameView name = question.name.view();
    return {name,      question.type,     question.qclass,
            dnssec_ok, checking_disabled, dns::hash_name(name, dns::hash_seed())};
  }

  /// The name's hash mixed with all the rest.
  std::uint64_t hash() const {
    const std::uint64_t rest = static_cast<std::uint64_t>(type) << 32 |
                               static_cast<std::uint64_t>(qclass) << 8 | (dnssec_ok ? 2U : 0U) |
                               (checking_disabled ? 1U : 0U);
    std::uint64_t mixed = (name_hash ^ rest) * 0x9e3779b97f4a7c15U;
    mixed ^= mixed >> 32;
    return mixed * 0xd6e8feb86659fd93U;
  }

  friend bool operator==(const AnswerKey& a, const AnswerKey& b) {
    return a.type == b.type && a.qclass == b.qclass && a.dnssec_ok == b.dnssec_ok &&
           a.checking_disabled == b.checking_disabled && a.name == b.name;
  }
};

}  // namespace cache
