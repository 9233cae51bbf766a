// Sockets to one server on unpredictable source ports: a pool of connected
// sockets, opened as they are drawn, each on a port that we drew.
//
// For every query one of the pool's places is drawn evenly; a socket is renewed
// after some tens of queries, and stays a while for what is still on its way. At
// the bound of sockets none is closed before its time: those in use are used on.
//
// Loop thread only.
#pragma once

#include <deque>
#include <vector>

#include "dnsd/dns/time.h"
#include "dnsd/net/kernel_random.h"
#include "dnsd/net/network.h"
#include "dnsd/net/timers.h"
#include "dnsd/net/udp_poller.h"

namespace net {

/// So many that a guess at the port is right once in thousands.
constexpr std::size_t kUdpPlacesMost = 2048;

class LoopUdpPorts final : public UdpPorts {
 public:
  /// `sockets_most` bounds the sockets of the whole poller. REQUIRES: all
  /// references outlive this.
  LoopUdpPorts(UdpPoller& poller, const Timers& timers, KernelRandom& random,
               const dns::SocketAddress& server, DatagramReceiver& receiver,
               std::size_t sockets_most);
  ~LoopUdpPorts() override;
  LoopUdpPorts(const LoopUdpPorts&) = delete;
  LoopUdpPorts& operator=(const LoopUdpPorts&) = delete;

  dns::Result<PortId> send(dns::WireView message) override;

 private:
  struct Retired {
    UdpSocket* socket;
    dns::Time when;
  };

  /// The socket for the next query, opened or renewed as need be.
  dns::Result<UdpSocket*> draw();
  dns::Result<UdpSocket*> open();
  /// When no more may be opened: one that is open already.
  dns::Result<UdpSocket*> any_open(std::size_t from, const dns::Error& why);
  void renew_all();
  bool bind_to_random_port(int fd);
  void renew(UdpSocket*& place);
  unsigned draw_uses();
  void close_retired();
  std::string cannot(const char* what, int problem) const;

  UdpPoller& poller_;
  const Timers& timers_;
  KernelRandom& random_;
  dns::SocketAddress server_;
  DatagramReceiver& receiver_;
  std::size_t sockets_most_;
  std::vector<UdpSocket*> places_;  // null: not opened yet
  std::deque<Retired> retired_;     // the oldest first
  std::size_t open_ = 0;            // places and retired together
};

}  // namespace net
