#include "dnsd/net/sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

namespace net {
namespace {

// Enough for a burst while the worker is away for some milliseconds.
constexpr int kSocketBuffer = 4 << 20;

bool set(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof value) == 0;
}

void enlarge(int socket) {
  if (!set(socket, SOL_SOCKET, SO_RCVBUFFORCE, kSocketBuffer)) {
    set(socket, SOL_SOCKET, SO_RCVBUF, kSocketBuffer);
  }
  if (!set(socket, SOL_SOCKET, SO_SNDBUFFORCE, kSocketBuffer)) {
    set(socket, SOL_SOCKET, SO_SNDBUF, kSocketBuffer);
  }
}

/// A reply, which fits every sane path, is cut up by no router, whatever strangers say of the path
/// (RFC 9715). Without fragments to tell apart the kernel need not number IPv4's datagrams either.
void forbid_fragments(int socket, const dns::SocketAddress& address) {
  if (address.ip.is_v4()) {
    set(socket, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  } else {
    set(socket, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
  }
}

bool prepare(int socket, SocketKind kind, const dns::SocketAddress& address, bool shared) {
  bool right = kind == SocketKind::datagram || set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (shared) right = right && set(socket, SOL_SOCKET, SO_REUSEPORT, 1);
  if (!address.ip.is_v4()) right = right && set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (kind != SocketKind::datagram) return right;
  enlarge(socket);
  forbid_fragments(socket, address);
  if (!address.ip.is_wildcard()) return right;
  return right && (address.ip.is_v4() ? set(socket, IPPROTO_IP, IP_PKTINFO, 1)
                                      : set(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1));
}

/// A bound socket, or -1 and errno.
int open_bound(SocketKind kind, const dns::SocketAddress& address, bool shared) {
  const int type = kind == SocketKind::datagram ? SOCK_DGRAM : SOCK_STREAM;
  const int family = address.ip.is_v4() ? AF_INET : AF_INET6;
  const int socket = ::socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_storage storage;
  const socklen_t size = address.to_sockaddr(storage);
  const bool bound = socket >= 0 && prepare(socket, kind, address, shared) &&
                     bind(socket, reinterpret_cast<const sockaddr*>(&storage), size) == 0;
  if (bound || socket < 0) return socket;
  const int problem = errno;
  ::close(socket);
  errno = problem;
  return -1;
}

}  // namespace

dns::Result<int> bind_socket(SocketKind kind, const dns::SocketAddress& address, bool first) {
  // Sockets with SO_REUSEPORT would share with any process of this user's, and
  // port 0 might become such a one's: the first is tried without it.
  dns::SocketAddress own = address;
  int socket = -1;
  if (first && (socket = open_bound(kind, address, false)) >= 0) {
    own = local_address(socket);
    ::close(socket);
  }
  if (!first || socket >= 0) socket = open_bound(kind, own, true);
  if (socket >= 0) return socket;
  return dns::Error{"cannot listen on " + address.to_text() +
                    (kind == SocketKind::datagram ? " (UDP): " : " (TCP): ") +
                    std::generic_category().message(errno)};
}

dns::SocketAddress local_address(int socket) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  getsockname(socket, reinterpret_cast<sockaddr*>(&storage), &size);
  return dns::SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage));
}

}  // namespace net
