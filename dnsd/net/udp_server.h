// A UDP socket that hears queries and sends replies in batches: one wake-up,
// many queries, few system calls (recvmmsg, sendmmsg).
//
// A reply leaves from the address its query came to, also where the socket is
// bound to a wildcard. Loop thread only.
#pragma once

#include <memory>
#include <span>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"
#include "dnsd/net/peer.h"

namespace net {

class Loop;

/// Datagrams that are read at once.
constexpr std::size_t kDatagramBatch = 64;

class DatagramHandler {
 public:
  virtual ~DatagramHandler() = default;
  /// These are about to be handed over, at most kDatagramBatch of them, and stay valid until the
  /// last of them was.
  virtual void batch_begins(std::span<const dns::WireView> queries) = 0;
  /// The query at `place` of the batch. A reply may be written to `room` (1,232 bytes); what is to
  /// be sent later needs a copy of `peer`.
  virtual Handled datagram(std::size_t place, const dns::SocketAddress& client, const Peer& peer,
                           dns::WireSpan room) = 0;
};

struct UdpCounters {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::uint64_t not_sent = 0;  // the kernel would not take it
};

class UdpServer {
 public:
  /// Binds with SO_REUSEPORT, so that each worker has a socket of its own on
  /// the same address; `first` for the first of them. Port 0 picks a free one. The
  /// error names the address.
  static dns::Result<std::unique_ptr<UdpServer>> open(Loop& loop, const dns::SocketAddress& address,
                                                      DatagramHandler& handler, bool first);
  /// Queued replies that did not leave yet are sent first.
  ~UdpServer();

  dns::SocketAddress local() const;

  /// Queues a reply; it leaves at the end of this wake-up at the latest.
  void send(const Peer& peer, dns::WireView reply);
  /// Sends all that is queued.
  void flush();
  /// Hears what has arrived already, and nothing any more; replies can still be sent.
  void stop_listening();

  const UdpCounters& counters() const;

 private:
  struct Parts;
  explicit UdpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
