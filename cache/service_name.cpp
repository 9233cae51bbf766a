#include "cache/service_name.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "dnsd/dns/lowered.h"

namespace cache {
namespace {

constexpr std::string_view kReverse4("\7in-addr\4arpa\0", 14);
constexpr std::string_view kReverse6("\3ip6\4arpa\0", 10);

char lower_char(char c) {
  return static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::uint8_t> decimal_byte(std::string_view text) {
  unsigned value = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  if (!whole || value > 255 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  return static_cast<std::uint8_t>(value);
}

std::optional<dns::IpAddress> reverse4(dns::NameView name) {
  std::uint8_t bytes[4];
  for (int i = 3; i >= 0; --i, name = dns::parent(name)) {
    const auto byte = decimal_byte(dns::first_label(name));
    if (!byte) return std::nullopt;
    bytes[i] = *byte;
  }
  return dns::IpAddress::v4(bytes);
}

std::optional<dns::IpAddress> reverse6(dns::NameView name) {
  std::uint8_t bytes[16] = {};
  for (int i = 31; i >= 0; --i, name = dns::parent(name)) {
    const std::string_view label = dns::first_label(name);
    const int digit = label.size() == 1 ? hex_digit(label[0]) : -1;
    if (digit < 0) return std::nullopt;
    bytes[i / 2] = static_cast<std::uint8_t>(bytes[i / 2] | digit << (i % 2 == 0 ? 4 : 0));
  }
  return dns::IpAddress::v6(bytes);
}

/// `10-0-1-7`
char* write_label4(const std::uint8_t* bytes, char* out) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) *out++ = '-';
    out = std::to_chars(out, out + 3, bytes[i]).ptr;
  }
  return out;
}

/// `2001-db8--1`; `::10.0.0.1` as `--a00-1`, which has no dots.
char* write_label6(const std::uint8_t* bytes, char* out) {
  inet_ntop(AF_INET6, bytes, out, INET6_ADDRSTRLEN);
  if (std::strchr(out, '.') != nullptr) {
    std::snprintf(out, INET6_ADDRSTRLEN, "::%x:%x", dns::get16(bytes + 12), dns::get16(bytes + 14));
  }
  char* end = out + std::strlen(out);
  std::replace(out, end, ':', '-');
  return end;
}

/// Returns its end. `out` has INET6_ADDRSTRLEN bytes.
char* write_label(const dns::IpAddress& ip, char* out) {
  return ip.is_v4() ? write_label4(ip.data(), out) : write_label6(ip.data(), out);
}

}  // namespace

std::string canonical_service(std::string_view name) {
  std::string lowered = dns::lowered(name);
  const bool spelled_for_srv =
      lowered.starts_with('_') && (lowered.ends_with("._tcp") || lowered.ends_with("._udp"));
  if (!spelled_for_srv || lowered.size() <= 6) return lowered;
  return lowered.substr(1, lowered.size() - 6);
}

std::optional<dns::Name> name_under(std::string_view name, const dns::Name& zone) {
  auto absolute = dns::Name::from_text(std::string(name) + "." + zone.to_text());
  if (!absolute.ok()) return std::nullopt;
  return std::move(absolute).value();
}

std::optional<dns::Name> address_target(const dns::IpAddress& ip, const dns::Name& zone) {
  std::array<char, 4 + INET6_ADDRSTRLEN> label{'i', 'p', '-'};
  const char* end = write_label(ip, &label[3]);
  dns::Name name = zone;
  const auto size = static_cast<std::size_t>(end - label.data());
  if (!name.push_front("addr") || !name.push_front({label.data(), size})) return std::nullopt;
  return name;
}

std::optional<dns::IpAddress> address_from_label(std::string_view label) {
  if (!label.starts_with("ip-") || label.size() > dns::kMaxLabel) return std::nullopt;
  if (label.find_first_of(".:") != std::string_view::npos) return std::nullopt;
  const std::string_view dashed = label.substr(3);
  std::array<char, dns::kMaxLabel> text{};
  for (char separator : {'.', ':'}) {
    std::replace_copy(dashed.begin(), dashed.end(), text.begin(), '-', separator);
    if (const auto ip = dns::IpAddress::parse({text.data(), dashed.size()})) return ip;
  }
  return std::nullopt;
}

std::optional<dns::IpAddress> address_from_reverse(dns::NameView name) {
  const std::size_t labels = dns::label_count(name);
  if (labels == 6 && name.ends_with(kReverse4)) return reverse4(name);
  if (labels == 34 && name.ends_with(kReverse6)) return reverse6(name);
  return std::nullopt;
}

std::string_view instance_label(std::string_view id, std::array<char, dns::kMaxLabel + 1>& room) {
  const std::size_t size = std::min(id.size(), dns::kMaxLabel);
  for (std::size_t i = 0; i < size; ++i) room[i] = lower_char(id[i]);
  if (id.size() <= dns::kMaxLabel) return {room.data(), size};
  // FNV-1a: the label must be the same in every process, so no seed.
  std::uint32_t hash = 2166136261U;
  for (char c : id) hash = (hash ^ static_cast<std::uint8_t>(lower_char(c))) * 16777619U;
  std::snprintf(&room[dns::kMaxLabel - 9], 10, "-%08x", hash);
  return {room.data(), dns::kMaxLabel};
}

}  // namespace cache
