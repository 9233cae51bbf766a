#include "dnsd/tcp_listener.h"

namespace signpost {

dns::Result<std::unique_ptr<TcpListener>> TcpListener::open(net::Loop& loop,
                                                            const dns::SocketAddress& address,
                                                            net::TcpConnections& connections,
                                                            Pipeline& pipeline, bool first) {
  std::unique_ptr<TcpListener> listener(new TcpListener(pipeline));
  auto server = net::TcpServer::open(loop, address, connections, *listener, first);
  if (!server.ok()) return server.error();
  listener->server_ = std::move(server).value();
  return listener;
}

net::Handled TcpListener::message(dns::WireView query, const dns::SocketAddress& client,
                                  const net::Peer& peer, dns::WireSpan room) {
  return pipeline_.handle(query, {client.ip, true}, peer, *this, room);
}

}  // namespace signpost
