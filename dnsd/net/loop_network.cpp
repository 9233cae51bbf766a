#include "dnsd/net/loop_network.h"

#include "dnsd/net/loop.h"
#include "dnsd/net/tcp_stream.h"
#include "dnsd/net/udp_ports.h"

namespace net {

std::unique_ptr<UdpPorts> LoopNetwork::open_udp(const dns::SocketAddress& server,
                                                DatagramReceiver& receiver) {
  if (poller_ == nullptr) poller_ = std::make_unique<UdpPoller>(loop_);
  return std::make_unique<LoopUdpPorts>(*poller_, loop_, random_, server, receiver,
                                        udp_sockets_most_);
}

std::unique_ptr<Stream> LoopNetwork::connect_tcp(const dns::SocketAddress& server,
                                                 StreamReceiver& receiver) {
  return std::make_unique<TcpStream>(loop_, server, receiver);
}

}  // namespace net
