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
class TlsContext;

class LoopNetwork final : public Network {
 public:
  /// `udp_sockets_most` bounds the UDP sockets to all servers together (see
  /// udp_sockets_for in file_limit.h). REQUIRES: `loop` outlives this, and this
  /// outlives what it opens.
  LoopNetwork(Loop& loop, std::size_t udp_sockets_most);
  ~LoopNetwork() override;

  std::unique_ptr<UdpPorts> open_udp(const dns::SocketAddress& server,
                                     DatagramReceiver& receiver) override;
  std::unique_ptr<Connector> open_tcp(const dns::SocketAddress& server) override;
  std::unique_ptr<Connector> open_tls(const dns::SocketAddress& server,
                                      const std::string& tls_name) override;
  std::uint16_t random_id() override { return random_.next16(); }
  std::uint64_t random_nonce() override { return random_.next64(); }
  std::uint64_t random_letters() override { return random_.next64(); }

 private:
  class TcpConnector;
  class TlsConnector;

  Loop& loop_;
  std::size_t udp_sockets_most_;
  KernelRandom random_;
  std::unique_ptr<UdpPoller> poller_;  // opened with the first server
  std::unique_ptr<TlsContext> tls_;    // made for the first connection over TLS
};

}  // namespace net
