// UDP on one address, for one worker: hands datagrams to the pipeline.
#pragma once

#include <memory>

#include "dnsd/listener.h"
#include "dnsd/net/udp_server.h"
#include "dnsd/pipeline.h"

namespace signpost {

class UdpListener final : public Listener, private net::DatagramHandler {
 public:
  /// Loop thread, or before its loop runs. REQUIRES: `pipeline` outlives this.
  static dns::Result<std::unique_ptr<UdpListener>> open(net::Loop& loop,
                                                        const dns::SocketAddress& address,
                                                        Pipeline& pipeline, bool first);

  dns::SocketAddress local() const { return server_->local(); }
  void send(const net::Peer& peer, dns::WireView reply) override { server_->send(peer, reply); }
  /// Sends what was queued for clients that had to wait; at the end of a wake-up.
  void flush() { server_->flush(); }
  void stop_listening() { server_->stop_listening(); }
  const net::UdpCounters& counters() const { return server_->counters(); }

 private:
  explicit UdpListener(Pipeline& pipeline) : pipeline_(pipeline) {}
  void batch_begins(std::span<const dns::WireView> queries) override {
    pipeline_.batch_begins(queries);
  }
  net::Handled datagram(std::size_t place, const dns::SocketAddress& client, const net::Peer& peer,
                        dns::WireSpan room) override;

  Pipeline& pipeline_;
  std::unique_ptr<net::UdpServer> server_;
};

}  // namespace signpost
