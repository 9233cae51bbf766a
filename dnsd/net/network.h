// The way out: UDP, TCP and TLS to upstream servers. The one seam at which tests
// replace the network (tests/support/fake_network.h), so that IDs, ports,
// time-outs and truncation are played for real in scenarios.
//
// Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"

namespace net {

/// Names one of our sockets towards a server: which source port a query left by.
using PortId = std::uint32_t;

/// Hears what comes back from one server over UDP. The callee may not destroy
/// the `UdpPorts` that calls it.
class DatagramReceiver {
 public:
  virtual ~DatagramReceiver() = default;
  /// A datagram from the server's address and port, at the socket `port`. The
  /// bytes are the callee's during the call; what comes from elsewhere never gets here.
  virtual void datagram(PortId port, dns::WireSpan bytes) = 0;
  /// The kernel says that the server is not there (ICMP), for what left by `port`.
  virtual void unreachable(PortId port) = 0;
};

/// Sockets to one server on unpredictable source ports (RFC 5452, 9.2): the
/// next query's port is drawn evenly from many, and sockets are renewed.
class UdpPorts {
 public:
  virtual ~UdpPorts() = default;
  /// Sends `message` and says by which socket, or why it could not leave.
  virtual dns::Result<PortId> send(dns::WireView message) = 0;
};

/// Hears what happens on one connection, over TCP or TLS.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  /// What was sent before now leaves. Over TLS: the server has proved who it is.
  /// The callee may not destroy the stream.
  virtual void connected() = 0;
  /// Some bytes of the stream, cut anywhere. Valid during the call. The callee
  /// may destroy the stream, as its last act.
  virtual void received(dns::WireView bytes) = 0;
  /// The connection is over (or never was); `why` is a sentence, empty for an
  /// orderly end. Called at most once; nothing follows. The callee may destroy the stream.
  virtual void ended(const std::string& why) = 0;
};

/// One connection to a server. Destroying it closes it.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Queues bytes; they leave in order, once connected.
  virtual void send(dns::Wire bytes) = 0;
  /// Bytes that were sent here and that the kernel has not taken yet.
  virtual std::size_t unsent() const = 0;
};

/// Opens connections to one server; over TLS each takes up the session of the
/// one before (RFC 8446, 2.2).
class Connector {
 public:
  virtual ~Connector() = default;
  /// Starts to connect; the outcome comes through `receiver`, never before
  /// connect() returns. `receiver` and the connector must outlive the stream.
  virtual std::unique_ptr<Stream> connect(StreamReceiver& receiver) = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  /// `receiver` must outlive the ports. Opens no socket before the first send.
  virtual std::unique_ptr<UdpPorts> open_udp(const dns::SocketAddress& server,
                                             DatagramReceiver& receiver) = 0;
  virtual std::unique_ptr<Connector> open_tcp(const dns::SocketAddress& server) = 0;
  /// The server must prove to be `tls_name`, or where that is empty to have its
  /// address (RFC 8310, strict); else nothing leaves, and the connection ends
  /// with the reason. There is no way back to plain text.
  virtual std::unique_ptr<Connector> open_tls(const dns::SocketAddress& server,
                                              const std::string& tls_name) = 0;
  /// 16 unpredictable bits from the kernel's random source (RFC 5452, 9.2).
  virtual std::uint16_t random_id() = 0;
  /// 64 more, for a name that nobody can guess.
  virtual std::uint64_t random_nonce() = 0;
  /// And 64 for the case of a question's letters (0x20).
  virtual std::uint64_t random_letters() = 0;
};

}  // namespace net
