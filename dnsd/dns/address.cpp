#include "dnsd/dns/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace dns {
namespace {

constexpr std::uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

template <typename Number>
std::optional<Number> number_from(std::string_view text) {
  Number value{};
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

Error expected(std::string_view what, std::string_view text) {
  return Error{"expected " + std::string(what) + ", found '" + std::string(text) + "'"};
}

constexpr std::string_view kSocketForms =
    "an address such as 10.0.0.2, 10.0.0.2:53 or [2001:db8::1]:53";

}  // namespace

IpAddress IpAddress::v4(const std::uint8_t (&bytes)[4]) {
  IpAddress address;
  std::copy(bytes, bytes + 4, address.bytes_.begin());
  return address;
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
  const std::uint32_t wire = htonl(host_order);
  std::uint8_t bytes[4];
  std::memcpy(bytes, &wire, 4);
  return v4(bytes);
}

IpAddress IpAddress::v6(const std::uint8_t (&bytes)[16]) {
  IpAddress address;
  address.v4_ = std::equal(kMapped, kMapped + 12, bytes);
  if (address.v4_) {
    std::copy(bytes + 12, bytes + 16, address.bytes_.begin());
  } else {
    std::copy(bytes, bytes + 16, address.bytes_.begin());
  }
  return address;
}

Result<IpAddress> IpAddress::from_text(std::string_view text) {
  if (const auto address = parse(text)) return *address;
  return expected("an IP address", text);
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  char terminated[INET6_ADDRSTRLEN] = {};
  if (text.size() >= sizeof terminated || text.find('\0') != std::string_view::npos) return {};
  std::copy(text.begin(), text.end(), terminated);
  std::uint8_t four[4];
  if (inet_pton(AF_INET, terminated, four) == 1) return v4(four);
  std::uint8_t sixteen[16];
  if (inet_pton(AF_INET6, terminated, sixteen) == 1) return v6(sixteen);
  return {};
}

bool IpAddress::is_loopback() const {
  if (v4_) return bytes_[0] == 127;
  return bytes_[15] == 1 &&
         std::all_of(bytes_.begin(), bytes_.begin() + 15, [](auto b) { return b == 0; });
}

std::string IpAddress::to_text() const {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(v4_ ? AF_INET : AF_INET6, bytes_.data(), text, sizeof text);
  return text;
}

Result<SocketAddress> SocketAddress::from_text(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::optional<std::uint16_t> port = default_port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return expected(kSocketForms, text);
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty())
      port = rest[0] == ':' ? number_from<std::uint16_t>(rest.substr(1)) : std::nullopt;
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    port = number_from<std::uint16_t>(text.substr(colon + 1));
  }
  auto ip = IpAddress::from_text(host);
  if (!ip.ok() || !port) return expected(kSocketForms, text);
  return SocketAddress{ip.value(), *port};
}

SocketAddress SocketAddress::from_sockaddr(const sockaddr* from) {
  if (from->sa_family == AF_INET) {
    const auto* in = reinterpret_cast<const sockaddr_in*>(from);
    return {IpAddress::v4(ntohl(in->sin_addr.s_addr)), ntohs(in->sin_port)};
  }
  const auto* in6 = reinterpret_cast<const sockaddr_in6*>(from);
  return {IpAddress::v6(in6->sin6_addr.s6_addr), ntohs(in6->sin6_port)};
}

unsigned SocketAddress::to_sockaddr(sockaddr_storage& out) const {
  std::memset(&out, 0, sizeof out);
  if (ip.is_v4()) {
    auto* in = reinterpret_cast<sockaddr_in*>(&out);
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    std::memcpy(&in->sin_addr, ip.data(), 4);
    return sizeof *in;
  }
  auto* in6 = reinterpret_cast<sockaddr_in6*>(&out);
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(port);
  std::memcpy(&in6->sin6_addr, ip.data(), 16);
  return sizeof *in6;
}

std::string SocketAddress::to_text() const {
  const std::string host = ip.is_v4() ? ip.to_text() : "[" + ip.to_text() + "]";
  return host + ":" + std::to_string(port);
}

Result<Prefix> Prefix::from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto ip = IpAddress::from_text(text.substr(0, slash));
  if (!ip.ok()) return expected("an address or a prefix such as 10.0.0.0/8", text);
  const auto most = static_cast<std::uint8_t>(ip.value().size() * 8);
  std::optional<std::uint8_t> bits = most;
  if (slash != std::string_view::npos) bits = number_from<std::uint8_t>(text.substr(slash + 1));
  if (!bits || *bits > most) {
    return expected("a prefix length of at most " + std::to_string(most), text);
  }
  return Prefix{ip.value(), *bits};
}

bool Prefix::contains(const IpAddress& address) const {
  if (address.is_v4() != ip.is_v4()) return false;
  const std::size_t whole = bits / 8;
  if (std::memcmp(address.data(), ip.data(), whole) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff00U >> (bits % 8));
  return (address.data()[whole] & mask) == (ip.data()[whole] & mask);
}

std::string Prefix::to_text() const {
  return ip.to_text() + "/" + std::to_string(bits);
}

}  // namespace dns
