// The numbers of the DNS that this program acts on, by their IANA names.
// Any other number passes through as it is (RFC 3597).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dns {

enum class Type : std::uint16_t {
  A = 1,
  NS = 2,
  CNAME = 5,
  SOA = 6,
  PTR = 12,
  HINFO = 13,
  MX = 15,
  TXT = 16,
  AAAA = 28,
  SRV = 33,
  NAPTR = 35,
  DNAME = 39,
  OPT = 41,
  DS = 43,
  RRSIG = 46,
  SVCB = 64,
  HTTPS = 65,
  TKEY = 249,
  TSIG = 250,
  IXFR = 251,
  AXFR = 252,
  MAILB = 253,
  MAILA = 254,
  ANY = 255,
  URI = 256,
};

enum class Class : std::uint16_t { IN = 1, CH = 3, NONE = 254, ANY = 255 };

enum class Opcode : std::uint8_t { QUERY = 0, STATUS = 2, NOTIFY = 4, UPDATE = 5 };

/// The low four bits go into the header, the rest into OPT (RFC 6891, 6.1.3).
enum class Rcode : std::uint16_t {
  NOERROR = 0,
  FORMERR = 1,
  SERVFAIL = 2,
  NXDOMAIN = 3,
  NOTIMP = 4,
  REFUSED = 5,
  BADVERS = 16,
};

enum class EdnsOption : std::uint16_t {
  CLIENT_SUBNET = 8,
  COOKIE = 10,
  TCP_KEEPALIVE = 11,
  EXTENDED_ERROR = 15,
};

/// RFC 8914 info codes that this daemon gives.
enum class ExtendedError : std::uint16_t {
  OTHER = 0,
  STALE_ANSWER = 3,
  NOT_READY = 14,
  PROHIBITED = 18,
  STALE_NXDOMAIN = 19,
  NO_REACHABLE_AUTHORITY = 22,
  NETWORK_ERROR = 23,
};

/// `SRV`, or `TYPE65280` for a number without a name here (RFC 3597, 5).
std::string to_text(Type type);
std::string to_text(Rcode rcode);
/// The inverse of `to_text`, any case. Nothing when it is no type's name.
std::optional<Type> type_from_text(std::string_view text);

}  // namespace dns
