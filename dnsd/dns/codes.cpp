#include "dnsd/dns/codes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dns {
namespace {

constexpr std::array<std::pair<Type, std::string_view>, 25> kTypes{{
    {Type::A, "A"},         {Type::NS, "NS"},       {Type::CNAME, "CNAME"}, {Type::SOA, "SOA"},
    {Type::PTR, "PTR"},     {Type::HINFO, "HINFO"}, {Type::MX, "MX"},       {Type::TXT, "TXT"},
    {Type::AAAA, "AAAA"},   {Type::SRV, "SRV"},     {Type::NAPTR, "NAPTR"}, {Type::DNAME, "DNAME"},
    {Type::OPT, "OPT"},     {Type::DS, "DS"},       {Type::RRSIG, "RRSIG"}, {Type::SVCB, "SVCB"},
    {Type::HTTPS, "HTTPS"}, {Type::TKEY, "TKEY"},   {Type::TSIG, "TSIG"},   {Type::IXFR, "IXFR"},
    {Type::AXFR, "AXFR"},   {Type::MAILB, "MAILB"}, {Type::MAILA, "MAILA"}, {Type::ANY, "ANY"},
    {Type::URI, "URI"},
}};

constexpr std::array<std::pair<Rcode, std::string_view>, 7> kRcodes{{
    {Rcode::NOERROR, "NOERROR"},
    {Rcode::FORMERR, "FORMERR"},
    {Rcode::SERVFAIL, "SERVFAIL"},
    {Rcode::NXDOMAIN, "NXDOMAIN"},
    {Rcode::NOTIMP, "NOTIMP"},
    {Rcode::REFUSED, "REFUSED"},
    {Rcode::BADVERS, "BADVERS"},
}};

template <typename Table, typename Code>
std::string name_of(const Table& table, Code code, std::string_view prefix) {
  for (const auto& [known, name] : table) {
    if (known == code) return std::string(name);
  }
  return std::string(prefix) + std::to_string(static_cast<unsigned>(code));
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

}  // namespace

std::string to_text(Type type) {
  return name_of(kTypes, type, "TYPE");
}
std::string to_text(Rcode rcode) {
  return name_of(kRcodes, rcode, "RCODE");
}

std::optional<Type> type_from_text(std::string_view text) {
  const std::string wanted = upper(text);
  for (const auto& [type, name] : kTypes) {
    if (name == wanted) return type;
  }
  if (!wanted.starts_with("TYPE")) return std::nullopt;
  std::uint16_t number = 0;
  const char* end = wanted.data() + wanted.size();
  auto [stopped, problem] = std::from_chars(wanted.data() + 4, end, number);
  if (problem != std::errc() || stopped != end) return std::nullopt;
  return static_cast<Type>(number);
}

}  // namespace dns
