// The way out: UDP and TCP to upstream servers. The one seam at which tests
// replace the network (tests/support/fake_network.h), so that IDs, ports,
// time-outs and truncation are played for real in scenarios.
//
// Loop thread only.
#pragma once

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
  /// bytes are valid during the call; what comes from elsewhere never gets here.
  virtual void datagram(PortId port, dns::WireView bytes) = 0;
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

/// Hears what happens on one TCP connection.
class StreamReceiver {
 public:
  virtual ~StreamReceiver() = default;
  /// What was sent before now leaves; nothing to do.
  virtual void connected() = 0;
  /// Some bytes of the stream, cut anywhere. Valid during the call. The callee
  /// may destroy the stream, as its last act.
  virtual void received(dns::WireView bytes) = 0;
  /// The connection is over (or never was); `why` is a sentence, empty for an
  /// orderly end. Called at most once; nothing follows. The callee may destroy the stream.
  virtual void ended(const std::string& why) = 0;
};

/// One TCP connection to a server. Destroying it closes it without a word.
class Stream {
 public:
  virtual ~Stream() = default;
  /// Queues bytes; they leave in order, once connected.
  virtual void send(dns::Wire bytes) = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  /// `receiver` must outlive the ports. Opens no socket before the first send.
  virtual std::unique_ptr<UdpPorts> open_udp(const dns::SocketAddress& server,
                                             DatagramReceiver& receiver) = 0;
  /// Starts to connect; the outcome comes through `receiver`, never before
  /// connect_tcp() returns. `receiver` must outlive the stream.
  virtual std::unique_ptr<Stream> connect_tcp(const dns::SocketAddress& server,
                                              StreamReceiver& receiver) = 0;
  /// 16 unpredictable bits from the kernel's random source (RFC 5452, 9.2).
  virtual std::uint16_t random_id() = 0;
};

}  // namespace net
