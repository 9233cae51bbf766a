// One server over UDP: a random ID and an unpredictable port for every query,
// and waiting past whatever is not the answer (RFC 5452).
//
// Loop thread only.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "dnsd/net/network.h"
#include "dnsd/net/timers.h"
#include "upstream/asker.h"
#include "upstream/deadlines.h"
#include "upstream/in_flight.h"

namespace upstream {

/// After so many wrong replies for one query its answer is no longer sought over
/// UDP: each wrong one may have been a guess.
constexpr unsigned kMismatchesMost = 20;

class UdpAsker final : public Asker, private net::DatagramReceiver {
 public:
  /// REQUIRES: `network` and `timers` outlive this.
  UdpAsker(net::Network& network, net::Timers& timers, const dns::SocketAddress& server);

  void ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) override;

  /// Datagrams from the server's address that answered nothing we had asked there.
  std::uint64_t mismatches() const { return mismatches_; }

 private:
  struct Pending {
    UpstreamQuery query;
    Heard heard;
    dns::Time asked;
    net::PortId port = 0;
    std::uint16_t id = 0;
    unsigned mismatches = 0;
    bool sent = false;
    std::string failure;  // why it was not sent
  };
  using Ids = std::vector<FlightId>;

  void datagram(net::PortId port, dns::WireView bytes) override;
  void unreachable(net::PortId port) override;
  void due(FlightId id);
  void count_mismatch(net::PortId port);
  void land(FlightId id, ServerReply reply);
  Ids& at_port(net::PortId port) { return by_port_[port % by_port_.size()]; }
  /// A copy: whoever goes through it may land them.
  Ids waiting_at(net::PortId port);

  net::Network& network_;
  net::Timers& timers_;
  dns::SocketAddress server_;
  InFlight<Pending> in_flight_;
  std::array<Ids, 512> by_port_;
  std::uint64_t mismatches_ = 0;
  Deadlines deadlines_;
  std::unique_ptr<net::UdpPorts> ports_;  // last: it calls the rest
};

}  // namespace upstream
