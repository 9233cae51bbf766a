#include "dnsd/udp_listener.h"

namespace signpost {

static_assert(net::kDatagramBatch <= ReadBatch::kMost, "a batch is read in one go");

dns::Result<std::unique_ptr<UdpListener>> UdpListener::open(net::Loop& loop,
                                                            const dns::SocketAddress& address,
                                                            Pipeline& pipeline, bool first) {
  std::unique_ptr<UdpListener> listener(new UdpListener(pipeline));
  auto server = net::UdpServer::open(loop, address, *listener, first);
  if (!server.ok()) return server.error();
  listener->server_ = std::move(server).value();
  return listener;
}

net::Handled UdpListener::datagram(std::size_t place, const dns::SocketAddress& client,
                                   const net::Peer& peer, dns::WireSpan room) {
  return pipeline_.handle(place, {client.ip, false}, peer, *this, room);
}

}  // namespace signpost
