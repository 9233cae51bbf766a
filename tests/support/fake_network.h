// A network in memory: it records what each server is asked, and a test says
// what comes back. IDs, ports, time-outs and truncation are played for real.
//
//   FakeClock clock;
//   FakeNetwork network(clock);
//   ... something asks ...
//   const Asked asked = network.next();
//   network.answer(asked, message("web.example. A", {...}));
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>

#include "dnsd/net/network.h"
#include "tests/support/fake_clock.h"

namespace support {

/// A query as it reached a server.
struct Asked {
  enum class Over : std::uint8_t { udp, tcp, tls };
  dns::SocketAddress server;
  Over over = Over::udp;
  net::PortId port = 0;       // UDP: the source port
  std::uint64_t through = 0;  // which ports object or connection
  dns::Wire message;
  std::string tls_name{};  // TLS: who the server had to be

  std::uint16_t id() const { return dns::get16(message.data()); }
  /// `192.0.2.1:53 udp web.example. A`, `192.0.2.1:853 tls#dns.example web.example. A`
  std::string to_text() const;
};

class FakeNetwork final : public net::Network {
 public:
  /// REQUIRES: `clock` outlives this.
  explicit FakeNetwork(FakeClock& clock) : clock_(clock) {}

  std::unique_ptr<net::UdpPorts> open_udp(const dns::SocketAddress& server,
                                          net::DatagramReceiver& receiver) override;
  std::unique_ptr<net::Connector> open_tcp(const dns::SocketAddress& server) override;
  std::unique_ptr<net::Connector> open_tls(const dns::SocketAddress& server,
                                           const std::string& tls_name) override;
  std::uint16_t random_id() override {
    return next_id_ = static_cast<std::uint16_t>(next_id_ * 5 + 77);
  }
  std::uint64_t random_nonce() override { return ++last_nonce_; }
  std::uint64_t random_letters() override { return letters_; }

  /// From now on questions are sent in this case; 0, as at first: in lower case.
  void mix_case(std::uint64_t letters) { letters_ = letters; }

  /// Whether somebody is asked whom next() has not told of yet.
  bool anybody_asked() const { return !asked_.empty(); }
  /// The next query, in the order they were sent. Fails the test when there is none.
  Asked next();
  /// Throws away what next() has not told of.
  void forget_asked() { asked_.clear(); }
  /// How many connections to `server` are open or being opened.
  std::size_t connections(const dns::SocketAddress& server) const;

  /// The server's reply to `asked`, with its ID put in.
  void answer(const Asked& asked, dns::Wire reply);
  /// Any bytes from the server, the same way back.
  void deliver(const Asked& asked, dns::WireView bytes);
  /// UDP: the same at another source port of ours.
  void deliver_at(const Asked& asked, net::PortId port, dns::WireView bytes);
  /// UDP: nobody is there (ICMP). TCP: the connection is reset.
  void refuse(const Asked& asked);
  /// TCP: the server closes the connection in order.
  void hang_up(const Asked& asked);

  /// From now on connections to `server` are refused, or taken again.
  void refuse_connections(const dns::SocketAddress& server, bool refuse = true);
  /// From now on connections to `server` are taken by nobody and refused by nobody,
  /// or go on. Those that began meanwhile go on as well.
  void hang_connections(const dns::SocketAddress& server, bool hang = true);
  /// From now on connections to `server` fail for this reason; empty: no longer.
  void fail_connections(const dns::SocketAddress& server, const std::string& why);
  /// From now on connections to `server` have so many bytes that it does not take.
  void stop_reading(const dns::SocketAddress& server, std::size_t unsent);
  /// How many connections to `server` there ever were.
  std::size_t connections_begun(const dns::SocketAddress& server) const;

  /// From now on datagrams to `server` cannot leave, or can again.
  void cut_off(const dns::SocketAddress& server, bool cut = true);

 private:
  class Ports;
  class Connection;
  class Connector;
  friend class Ports;
  friend class Connection;

  void begin(std::uint64_t connection);

  FakeClock& clock_;
  std::deque<Asked> asked_;
  std::map<std::uint64_t, Ports*> ports_;             // those that live
  std::map<std::uint64_t, Connection*> connections_;  // those that live
  std::map<dns::SocketAddress, std::string> failing_;
  std::set<dns::SocketAddress> hanging_;
  std::map<dns::SocketAddress, std::size_t> unsent_;
  std::map<dns::SocketAddress, std::size_t> begun_;
  std::set<dns::SocketAddress> cut_off_;
  std::uint64_t last_serial_ = 0;
  net::PortId last_port_ = 0;
  std::uint16_t next_id_ = 0x4242;
  std::uint64_t letters_ = 0;
  std::uint64_t last_nonce_ = 0;
};

}  // namespace support
