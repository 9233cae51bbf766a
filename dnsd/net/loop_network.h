// The network as it is: sockets on a loop.
//
// Loop thread only.
#pragma once

#include <memory>

#include "dnsd/net/kernel_random.h"
#include "dnsd/net/network.h"
#include "dnsd/net/udp_poller.h"

namespace net {

class Loop;

class LoopNetwork final : public Network {
 public:
  /// `udp_sockets_most` bounds the UDP sockets to all servers together (see
  /// udp_sockets_for in file_limit.h). REQUIRES: `loop` outlives this, and this
  /// outlives what it opens.
  LoopNetwork(Loop& loop, std::size_t udp_sockets_most)
      : loop_(loop), udp_sockets_most_(udp_sockets_most) {}

  std::unique_ptr<UdpPorts> open_udp(const dns::SocketAddress& server,
                                     DatagramReceiver& receiver) override;
  std::unique_ptr<Stream> connect_tcp(const dns::SocketAddress& server,
                                      StreamReceiver& receiver) override;
  std::uint16_t random_id() override { return random_.next16(); }

 private:
  Loop& loop_;
  std::size_t udp_sockets_most_;
  KernelRandom random_;
  std::unique_ptr<UdpPoller> poller_;  // opened with the first server
};

}  // namespace net
