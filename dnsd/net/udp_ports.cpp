#include "dnsd/net/udp_ports.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace net {
namespace {

constexpr std::uint16_t kFirstPort = 1024;  // those below belong to root's services
constexpr int kBindTries = 32;
// A socket is renewed after 32 to 95 queries, so that nobody can count along.
constexpr unsigned kUsesLeast = 32;
constexpr unsigned kUsesSpread = 64;
// A renewed socket waits so long for what is still on its way: a query's budget.
constexpr dns::Seconds kRetiredFor{5};
constexpr std::size_t kRetiredMost = 512;
// Every server has so many sockets, even where the others took all.
constexpr std::size_t kOpenLeast = 8;

/// What strangers sent between bind and connect would count as the server's.
void empty(int fd) {
  std::uint8_t byte;
  while (recv(fd, &byte, sizeof byte, MSG_DONTWAIT | MSG_TRUNC) >= 0) {
  }
}

}  // namespace

LoopUdpPorts::LoopUdpPorts(UdpPoller& poller, const Timers& timers, KernelRandom& random,
                           const dns::SocketAddress& server, DatagramReceiver& receiver,
                           std::size_t sockets_most)
    : poller_(poller),
      timers_(timers),
      random_(random),
      server_(server),
      receiver_(receiver),
      sockets_most_(sockets_most) {}

LoopUdpPorts::~LoopUdpPorts() {
  for (UdpSocket* socket : places_) {
    if (socket != nullptr) poller_.close(socket);
  }
  for (const Retired& one : retired_) poller_.close(one.socket);
}

std::string LoopUdpPorts::cannot(const char* what, int problem) const {
  return std::string("cannot ") + what + " " + server_.to_text() + ": " +
         std::generic_category().message(problem);
}

dns::Result<PortId> LoopUdpPorts::send(dns::WireView message) {
  const auto drawn = draw();
  if (!drawn.ok()) return drawn.error();
  UdpSocket& socket = *drawn.value();
  ssize_t sent = ::send(socket.fd, message.data(), message.size(), MSG_DONTWAIT);
  // What ICMP said of an earlier query comes out at the next call; this one has not left yet.
  if (sent < 0 && errno == ECONNREFUSED) {
    sent = ::send(socket.fd, message.data(), message.size(), MSG_DONTWAIT);
  }
  if (sent >= 0) return socket.id;
  const int problem = errno;
  // The host's address has changed: none of the sockets that have the old one is of use.
  if (problem == EINVAL || problem == EADDRNOTAVAIL) renew_all();
  return dns::Error{cannot("send to", problem)};
}

void LoopUdpPorts::renew_all() {
  for (UdpSocket* socket : places_) {
    if (socket != nullptr) socket->uses_left = 0;
  }
}

dns::Result<UdpSocket*> LoopUdpPorts::draw() {
  if (places_.empty()) places_.assign(std::min(kUdpPlacesMost, sockets_most_), nullptr);
  const std::size_t at = random_.next16() % places_.size();
  UdpSocket*& place = places_[at];
  if (place != nullptr && place->uses_left == 0) renew(place);
  if (place == nullptr) {
    const auto opened = open();
    if (!opened.ok()) return any_open(at, opened.error());
    place = opened.value();
    place->uses_left = draw_uses();
  }
  --place->uses_left;
  return place;
}

unsigned LoopUdpPorts::draw_uses() {
  return kUsesLeast + random_.next16() % kUsesSpread;
}

/// Makes room for a new socket; where there is none, this one is used on: closed
/// young, it would lose what is on its way to it.
void LoopUdpPorts::renew(UdpSocket*& place) {
  close_retired();
  if (retired_.size() >= kRetiredMost || poller_.sockets() >= sockets_most_) {
    place->uses_left = draw_uses();
    return;
  }
  retired_.push_back({place, timers_.now()});
  place = nullptr;
}

dns::Result<UdpSocket*> LoopUdpPorts::any_open(std::size_t from, const dns::Error& why) {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    UdpSocket* socket = places_[(from + i) % places_.size()];
    if (socket != nullptr) return socket;
  }
  return why;
}

dns::Result<UdpSocket*> LoopUdpPorts::open() {
  close_retired();
  if (poller_.sockets() >= sockets_most_ && open_ >= kOpenLeast)
    return dns::Error{cannot("open a socket to", EMFILE)};
  sockaddr_storage server;
  const unsigned size = server_.to_sockaddr(server);
  const int fd = socket(server.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return dns::Error{cannot("open a socket to", errno)};
  if (bind_to_random_port(fd) && connect(fd, reinterpret_cast<sockaddr*>(&server), size) == 0) {
    empty(fd);
    UdpSocket* watched = poller_.add(fd, receiver_);
    if (watched != nullptr) {
      ++open_;
      return watched;
    }
  }
  const int problem = errno;
  ::close(fd);
  return dns::Error{cannot("reach", problem)};
}

bool LoopUdpPorts::bind_to_random_port(int fd) {
  dns::SocketAddress own;
  if (!server_.ip.is_v4()) own.ip = dns::IpAddress::v6({});
  for (int tries = 0; tries < kBindTries; ++tries) {
    do own.port = random_.next16();
    while (own.port < kFirstPort);
    sockaddr_storage address;
    const unsigned size = own.to_sockaddr(address);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0) return true;
    if (errno != EADDRINUSE && errno != EACCES) return false;
  }
  return false;
}

void LoopUdpPorts::close_retired() {
  const dns::Time now = timers_.now();
  while (!retired_.empty() && retired_.front().when + kRetiredFor <= now) {
    poller_.close(retired_.front().socket);
    retired_.pop_front();
    --open_;
  }
}

}  // namespace net
