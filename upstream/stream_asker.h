// One server over TCP or TLS: one connection, kept while it is used, with many
// queries on it at once and their replies in any order (RFC 7766, 7858).
//
// Nothing that was asked is lost with a connection: when one dies that worked,
// what was in flight on it is asked again on a fresh one. What waits for a
// connection that cannot be had is told so, with the reason. Loop thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dnsd/net/network.h"
#include "dnsd/net/tcp_framing.h"
#include "dnsd/net/timers.h"
#include "upstream/asker.h"
#include "upstream/deadlines.h"
#include "upstream/in_flight.h"
#include "upstream/log_pace.h"

namespace upstream {

/// RFC 7766, 6.2.3: an idle connection is closed after a few seconds.
constexpr dns::Milliseconds kTcpIdle{5000};
/// RFC 7858, 3.4: one over TLS was dearer, and is kept for longer.
constexpr dns::Milliseconds kTlsIdle{15'000};
/// A connection that does not stand by then fails, TLS handshake included; less
/// than half of a client's budget, so that there is time for another.
constexpr dns::Milliseconds kConnectMost{2000};
/// A connection on which nothing came for so long after a query is dead without knowing it.
constexpr dns::Milliseconds kSilenceMost{2000};
/// Queries in flight on one connection: the oldest makes room for the next.
constexpr std::size_t kOnOneConnectionMost = 4096;
/// Bytes that the server does not take: beyond that it is sent no more.
constexpr std::size_t kUnsentMost = 1U << 20U;

class StreamAsker final : public Asker, private net::StreamReceiver {
 public:
  /// `server` is its name for the log. REQUIRES: `network` and `timers` outlive
  /// this. Connects on the first ask().
  StreamAsker(net::Network& network, net::Timers& timers, std::unique_ptr<net::Connector> connector,
              std::string server, dns::Milliseconds idle);
  ~StreamAsker() override;
  StreamAsker(const StreamAsker&) = delete;
  StreamAsker& operator=(const StreamAsker&) = delete;

  void ask(const Errand& errand) override;

  /// Messages from the server that answered nothing we had asked.
  std::uint64_t mismatches() const { return mismatches_; }
  std::size_t in_flight() const { return in_flight_.size(); }

 private:
  struct Pending {
    Errand errand;
    dns::Time sent;        // or asked, until it is
    std::uint16_t id = 0;  // no other in flight here has it
    bool again = false;    // a connection on which nothing came was lost under it
  };

  void connected() override;
  void received(dns::WireView bytes) override;
  void ended(const std::string& why) override;

  dns::Clock::duration took(const Pending& pending) const {
    return timers_.exact_now() - pending.sent;
  }
  std::uint16_t unused_id();
  void connect();
  void disconnect();
  void send(const Pending& pending);
  void message(dns::WireView bytes);
  /// Lands `id` with these bytes, if they are its reply.
  bool answers(dns::WireView bytes, FlightId id);
  void due(FlightId id);
  void look_for_silence(const Pending& pending);
  /// Lets go of the connection. What was on it is asked again on a fresh one, or
  /// told that there is none.
  void lose_connection(const std::string& why);
  void log_failure(const std::string& why);
  std::optional<Pending> take(FlightId id);
  void land(FlightId id, ServerReply reply);
  void shed_oldest();
  void tell_shed();
  void close_when_idle();

  net::Network& network_;
  net::Timers& timers_;
  std::unique_ptr<net::Connector> connector_;
  std::string server_;
  dns::Milliseconds idle_;
  InFlight<Pending> in_flight_;
  std::unordered_map<std::uint16_t, FlightId> by_id_;  // of those in flight
  std::vector<Pending> shed_;                          // not told yet
  net::TcpFraming framing_;
  dns::Time last_heard_{};  // on this connection; when it was made, at first
  bool connected_ = false;
  bool useful_ = false;  // something was answered on this connection
  std::uint64_t mismatches_ = 0;
  std::string last_failure_;  // as logged; empty once a connection stood
  LogPace log_pace_;
  net::TimerId idle_timer_ = 0;
  net::TimerId connect_timer_ = 0;
  net::TimerId shed_timer_ = 0;
  Deadlines deadlines_;
  std::unique_ptr<net::Stream> stream_;  // null: not connected. Last: it calls the rest
};

}  // namespace upstream
