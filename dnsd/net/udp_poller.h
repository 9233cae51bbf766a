// Many connected UDP sockets behind one handle of the loop: they are in an epoll
// set of their own, and the loop watches that.
//
// Loop thread only.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "dnsd/net/handle.h"
#include "dnsd/net/network.h"

namespace net {

class Loop;

/// One of our sockets towards a server.
struct UdpSocket {
  int fd = -1;
  PortId id = 0;
  DatagramReceiver* receiver = nullptr;  // null: closed, and about to go
  unsigned uses_left = 0;                // until it is renewed
};

class UdpPoller {
 public:
  explicit UdpPoller(Loop& loop);
  /// REQUIRES: all sockets were closed.
  ~UdpPoller();
  UdpPoller(const UdpPoller&) = delete;
  UdpPoller& operator=(const UdpPoller&) = delete;

  /// Watches `fd`, which this owns from now on. The id is a new one. Null, with
  /// errno set and `fd` left to the caller, when the kernel will watch no more.
  UdpSocket* add(int fd, DatagramReceiver& receiver);
  /// Closes it. The pointer is dead.
  void close(UdpSocket* socket);

  std::size_t sockets() const { return sockets_; }

 private:
  void drain();
  void read_one(UdpSocket& socket);

  int epoll_ = -1;
  std::size_t sockets_ = 0;
  PortId last_id_ = 0;
  bool draining_ = false;
  std::vector<std::unique_ptr<UdpSocket>> buried_;  // closed while their events were being read
  std::array<std::uint8_t, dns::kMaxMessage> buffer_;
  Handle<uv_poll_t> watch_;
};

}  // namespace net
