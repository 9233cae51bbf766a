// A TCP socket that hears queries over many connections (RFC 7766): pipelined,
// answered in any order, length and body in one write.
//
// Bounds: connections (with those of other sockets, tcp_connections.h), queries under
// way and bytes unsent of one connection (then it is not read from until they
// are fewer). A half-closed connection still gets its answers. Loop thread only.
#pragma once

#include <memory>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"
#include "dnsd/net/peer.h"
#include "dnsd/net/tcp_connections.h"

namespace net {

class Loop;

class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  /// The messages of one read are about to be handed over.
  virtual void batch_begins() = 0;
  /// One query. A reply may be written to `room` (64 KiB); with `later`, one
  /// must follow through TcpServer::send. `query` is valid during the call.
  virtual Handled message(dns::WireView query, const dns::SocketAddress& client, const Peer& peer,
                          dns::WireSpan room) = 0;
};

class TcpServer {
 public:
  /// As UdpServer::open. `connections` outlives this.
  static dns::Result<std::unique_ptr<TcpServer>> open(Loop& loop, const dns::SocketAddress& address,
                                                      TcpConnections& connections,
                                                      StreamHandler& handler, bool first);
  ~TcpServer();

  dns::SocketAddress local() const;
  /// Sends the reply that was said to come later. A connection that is gone by
  /// now is nobody to send to.
  void send(const Peer& peer, dns::WireView reply);
  /// Takes no new connections, and no new queries on those that are there.
  void stop_listening();
  /// Replies that are owed or have not left yet.
  bool busy() const;

 private:
  struct Parts;
  explicit TcpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
