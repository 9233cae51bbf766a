// One server over UDP: a random ID, an unpredictable port and letters in mixed
// case for every query, and waiting past whatever is not the answer (RFC 5452).
//
// Loop thread only.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "dnsd/net/network.h"
#include "dnsd/net/timers.h"
#include "upstream/asker.h"
#include "upstream/case_echo.h"
#include "upstream/deadlines.h"
#include "upstream/in_flight.h"
#include "upstream/letter_case.h"
#include "upstream/reply_check.h"

namespace upstream {

/// After so many wrong replies for one query its answer is no longer sought over
/// UDP: each wrong one may have been a guess.
constexpr unsigned kMismatchesMost = 20;

/// What is waited for past a reply that is right but for its case, before the
/// question is sent anew: the right one, if that was forged.
constexpr dns::Milliseconds kCaseWait{100};

/// Queries to one server at once. Beyond, the oldest counts as timed out: it is
/// the least likely to be answered still.
constexpr std::size_t kUdpQueriesMost = 4096;

class UdpAsker final : public Asker, private net::DatagramReceiver {
 public:
  /// REQUIRES: `network` and `timers` outlive this.
  UdpAsker(net::Network& network, net::Timers& timers, const dns::SocketAddress& server,
           std::size_t queries_most = kUdpQueriesMost);
  ~UdpAsker() override;

  void ask(const Errand& errand) override;

  /// Datagrams from the server's address that answered nothing we had asked there.
  std::uint64_t mismatches() const { return mismatches_; }
  /// Of these, those that were right but for the case of their letters.
  std::uint64_t wrong_cases() const { return wrong_cases_; }

 private:
  struct Pending {
    Errand errand;
    dns::Time asked{};
    net::PortId port = kNotSent;
    std::uint16_t id = 0;
    LetterCase letters{};
    unsigned mismatches = 0;
    unsigned wrong_cases = 0;               // of the mismatches
    dns::Time again_at = dns::Time::max();  // when to send it anew
    FlightId next_at_port = kNone;          // in the chain that begins in `first_at_`
  };
  static constexpr net::PortId kNotSent = 0;
  static constexpr FlightId kNone = ~FlightId{0};

  void datagram(net::PortId port, dns::WireSpan bytes) override;
  void unreachable(net::PortId port) override;
  void send(FlightId id);
  void shed_oldest();
  void say_shed();
  void due(FlightId id);
  void take(FlightId id, ReplyVerdict verdict, dns::WireSpan bytes);
  void wrong_case(FlightId id, dns::WireSpan bytes);
  bool too_many(FlightId id);
  void count_mismatch(net::PortId port);
  void land(FlightId id, ServerReply reply);
  void chain(FlightId id);
  void unchain(FlightId id);
  FlightId& chain_of(net::PortId port) { return first_at_[port % first_at_.size()]; }
  /// A copy: whoever goes through it may land them.
  std::vector<FlightId> waiting_at(net::PortId port);

  net::Network& network_;
  net::Timers& timers_;
  dns::SocketAddress server_;
  std::size_t queries_most_;
  InFlight<Pending> in_flight_;
  std::array<FlightId, 1024> first_at_;  // chains by source port
  CaseEcho echo_;
  std::uint64_t mismatches_ = 0;
  std::uint64_t wrong_cases_ = 0;
  std::string why_not_sent_;   // of the last query that could not leave
  std::vector<Pending> shed_;  // not told yet
  net::TimerId shed_timer_ = 0;
  Deadlines deadlines_;
  std::unique_ptr<net::UdpPorts> ports_;  // last: it calls the rest
};

}  // namespace upstream
