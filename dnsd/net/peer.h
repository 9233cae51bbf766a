// Whom a reply goes to: the far end of a datagram or of a connection, as the
// server that received the query gave it. Opaque to everybody else; a value.
#pragma once

#include <array>
#include <cstdint>

namespace net {

struct Peer {
  alignas(
      8) std::array<std::uint8_t, 28> address{};  // a sockaddr_in or sockaddr_in6 (with its scope)
  std::uint8_t address_size = 0;
  std::uint8_t local_size = 0;  // 4 or 16: reply from this address; 0: the socket's own
  std::uint32_t interface = 0;
  std::array<std::uint8_t, 16> local{};
  std::uint64_t connection = 0;  // TCP: its number
};

/// What a handler did with a query.
struct Handled {
  std::size_t size = 0;  // of the reply that is in the room now
  bool later = false;    // none yet: it comes through send()
};

}  // namespace net
