// One server over TCP: one connection, kept while it is used, with many queries
// on it at once and their replies in any order (RFC 7766).
//
// A connection that dies fails what was in flight on it, which is asked once
// more on a fresh one. Loop thread only.
#pragma once

#include <memory>
#include <string>

#include "dnsd/net/network.h"
#include "dnsd/net/tcp_framing.h"
#include "dnsd/net/timers.h"
#include "upstream/asker.h"
#include "upstream/deadlines.h"
#include "upstream/in_flight.h"

namespace upstream {

/// RFC 7766, 6.2.3: an idle connection is closed after a few seconds.
constexpr dns::Milliseconds kTcpIdle{5000};

class TcpAsker final : public Asker, private net::StreamReceiver {
 public:
  /// REQUIRES: `network` and `timers` outlive this. Connects on the first ask().
  TcpAsker(net::Network& network, net::Timers& timers, const dns::SocketAddress& server);
  ~TcpAsker() override;

  void ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) override;

  /// Messages from the server that answered nothing we had asked.
  std::uint64_t mismatches() const { return mismatches_; }

 private:
  struct Pending {
    UpstreamQuery query;
    Heard heard;
    dns::Time asked;
    std::uint16_t id = 0;
    bool again = false;  // it is on its second connection
  };

  void connected() override { connected_ = true; }
  void received(dns::WireView bytes) override;
  void ended(const std::string& why) override;

  void send(const Pending& pending);
  void message(dns::WireView bytes);
  void due(FlightId id);
  /// Lets go of the connection, and asks again or gives up what was on it.
  void lose_connection(const std::string& why);
  void land(FlightId id, ServerReply reply);
  void close_when_idle();

  net::Network& network_;
  net::Timers& timers_;
  dns::SocketAddress server_;
  InFlight<Pending> in_flight_;
  net::TcpFraming framing_;
  dns::Time last_heard_{};
  bool connected_ = false;
  std::uint64_t mismatches_ = 0;
  net::TimerId idle_timer_ = 0;
  Deadlines deadlines_;
  std::unique_ptr<net::Stream> stream_;  // null: not connected. Last: it calls the rest
};

}  // namespace upstream
