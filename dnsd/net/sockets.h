// Sockets that listen, made the same way for UDP and TCP.
#pragma once

#include <cstdint>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"

namespace net {

enum class SocketKind : std::uint8_t { datagram, stream };

/// A non-blocking socket bound to `address` with SO_REUSEPORT, for this
/// process's workers to share; `first` makes sure that no other process has the
/// address. IPv6 ones hear IPv6 alone. The caller closes it. The error names the
/// address and says why.
dns::Result<int> bind_socket(SocketKind kind, const dns::SocketAddress& address, bool first);

/// Where `socket` is bound: the port that 0 became.
dns::SocketAddress local_address(int socket);

}  // namespace net
