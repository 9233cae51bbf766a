// TCP on one address, for one worker: hands queries to the pipeline.
#pragma once

#include <memory>

#include "dnsd/listener.h"
#include "dnsd/net/tcp_server.h"
#include "dnsd/pipeline.h"

namespace signpost {

class TcpListener final : public Listener, private net::StreamHandler {
 public:
  /// As UdpListener::open.
  static dns::Result<std::unique_ptr<TcpListener>> open(net::Loop& loop,
                                                        const dns::SocketAddress& address,
                                                        net::TcpConnections& connections,
                                                        Pipeline& pipeline, bool first);

  dns::SocketAddress local() const { return server_->local(); }
  void send(const net::Peer& peer, dns::WireView reply) override { server_->send(peer, reply); }
  void stop_listening() { server_->stop_listening(); }
  bool busy() const { return server_->busy(); }

 private:
  explicit TcpListener(Pipeline& pipeline) : pipeline_(pipeline) {}
  void batch_begins() override { pipeline_.batch_begins(); }
  net::Handled message(dns::WireView query, const dns::SocketAddress& client, const net::Peer& peer,
                       dns::WireSpan room) override;

  Pipeline& pipeline_;
  std::unique_ptr<net::TcpServer> server_;
};

}  // namespace signpost
