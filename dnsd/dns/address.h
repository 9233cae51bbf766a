// IP addresses, sockets' addresses and prefixes, as values with text forms.
//
// An IPv4-mapped IPv6 address (::ffff:10.0.0.1) is the IPv4 address it maps:
// dual-stack sockets show IPv4 clients so, and allow-lists mean the client.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"

struct sockaddr;
struct sockaddr_storage;

namespace dns {

class IpAddress {
 public:
  /// 0.0.0.0
  IpAddress() = default;
  static IpAddress v4(const std::uint8_t (&bytes)[4]);
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v6(const std::uint8_t (&bytes)[16]);
  /// `10.0.0.1`, `2001:db8::1`. No port, no scope, no brackets.
  static Result<IpAddress> from_text(std::string_view text);
  /// The same without a sentence and without allocating. Nothing: it is none.
  static std::optional<IpAddress> parse(std::string_view text);

  bool is_v4() const { return v4_; }
  /// 0.0.0.0 or ::
  bool is_wildcard() const { return bytes_ == std::array<std::uint8_t, 16>{}; }
  bool is_loopback() const;
  /// 4 or 16 bytes in network order; valid while this lives.
  const std::uint8_t* data() const { return bytes_.data(); }
  std::size_t size() const { return v4_ ? 4 : 16; }
  std::string to_text() const;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads what it stands for
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};  // IPv4 in the first four, the rest zero
  bool v4_ = true;
};

/// An address and a port: where a socket is bound, or whom it talks to.
struct SocketAddress {
  IpAddress ip;
  std::uint16_t port = 0;

  /// `10.0.0.2`, `10.0.0.2:5353`, `2001:db8::1`, `[2001:db8::1]:53`. Without a
  /// port it is `default_port`.
  static Result<SocketAddress> from_text(std::string_view text, std::uint16_t default_port);
  /// REQUIRES: `from` is AF_INET or AF_INET6.
  static SocketAddress from_sockaddr(const sockaddr* from);
  /// Fills `out` and returns the length for bind, connect and sendto.
  unsigned to_sockaddr(sockaddr_storage& out) const;
  /// `10.0.0.2:53`, `[2001:db8::1]:53`
  std::string to_text() const;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads what it stands for
  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

/// `10.0.0.0/8`, or an address alone, which is a prefix of all its bits.
struct Prefix {
  IpAddress ip;
  std::uint8_t bits = 0;

  static Result<Prefix> from_text(std::string_view text);
  bool contains(const IpAddress& address) const;
  std::string to_text() const;

  friend bool operator==(const Prefix&, const Prefix&) = default;
};

}  // namespace dns
