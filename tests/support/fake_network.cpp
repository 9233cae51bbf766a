#include "tests/support/fake_network.h"

#include <gtest/gtest.h>

#include "dnsd/net/tcp_framing.h"
#include "tests/support/records.h"

namespace support {

std::string Asked::to_text() const {
  const std::string how = over == Over::udp   ? "udp"
                          : over == Over::tcp ? "tcp"
                                              : "tls" + (tls_name.empty() ? "" : "#" + tls_name);
  return server.to_text() + " " + how + " " + question_of(message);
}

class FakeNetwork::Ports final : public net::UdpPorts {
 public:
  Ports(FakeNetwork& network, const dns::SocketAddress& server, net::DatagramReceiver& receiver)
      : network_(network), server_(server), receiver_(receiver), serial_(++network.last_serial_) {
    network_.ports_[serial_] = this;
  }
  ~Ports() override { network_.ports_.erase(serial_); }

  dns::Result<net::PortId> send(dns::WireView message) override {
    if (network_.cut_off_.contains(server_)) {
      return dns::Error{"cannot send to " + server_.to_text() + ": Network is unreachable"};
    }
    const net::PortId port = ++network_.last_port_;
    network_.asked_.push_back(
        {server_, Asked::Over::udp, port, serial_, dns::Wire(message.begin(), message.end())});
    return port;
  }
  net::DatagramReceiver& receiver() { return receiver_; }

 private:
  FakeNetwork& network_;
  dns::SocketAddress server_;
  net::DatagramReceiver& receiver_;
  std::uint64_t serial_;
};

class FakeNetwork::Connection final : public net::Stream {
 public:
  Connection(FakeNetwork& network, Asked kind, net::StreamReceiver& receiver)
      : network_(network), kind_(std::move(kind)), receiver_(receiver) {
    kind_.through = ++network.last_serial_;
    network_.connections_[kind_.through] = this;
    ++network_.begun_[kind_.server];
    network_.clock_.after(dns::Milliseconds(0),
                          [&network, serial = kind_.through] { network.begin(serial); });
  }
  ~Connection() override { network_.connections_.erase(kind_.through); }

  void send(dns::Wire bytes) override {
    framing_.feed(bytes, [this](dns::WireView message) {
      Asked one = kind_;
      one.message.assign(message.begin(), message.end());
      sent_.push_back(std::move(one));
      return true;
    });
    if (connected_) flush();
  }
  std::size_t unsent() const override {
    const auto known = network_.unsent_.find(kind_.server);
    return known == network_.unsent_.end() ? 0 : known->second;
  }
  void connect() {
    connected_ = true;
    flush();
    receiver_.connected();
  }
  const dns::SocketAddress& server() const { return kind_.server; }
  bool connected() const { return connected_; }
  net::StreamReceiver& receiver() { return receiver_; }

 private:
  void flush() {
    for (auto& one : sent_) network_.asked_.push_back(std::move(one));
    sent_.clear();
  }

  FakeNetwork& network_;
  Asked kind_;  // but for the message
  net::StreamReceiver& receiver_;
  net::TcpFraming framing_;
  std::deque<Asked> sent_;
  bool connected_ = false;
};

class FakeNetwork::Connector final : public net::Connector {
 public:
  Connector(FakeNetwork& network, Asked kind) : network_(network), kind_(std::move(kind)) {}
  std::unique_ptr<net::Stream> connect(net::StreamReceiver& receiver) override {
    return std::make_unique<Connection>(network_, kind_, receiver);
  }

 private:
  FakeNetwork& network_;
  Asked kind_;
};

std::unique_ptr<net::UdpPorts> FakeNetwork::open_udp(const dns::SocketAddress& server,
                                                     net::DatagramReceiver& receiver) {
  return std::make_unique<Ports>(*this, server, receiver);
}

std::unique_ptr<net::Connector> FakeNetwork::open_tcp(const dns::SocketAddress& server) {
  return std::make_unique<Connector>(*this, Asked{server, Asked::Over::tcp, 0, 0, {}});
}

std::unique_ptr<net::Connector> FakeNetwork::open_tls(const dns::SocketAddress& server,
                                                      const std::string& tls_name) {
  return std::make_unique<Connector>(*this, Asked{server, Asked::Over::tls, 0, 0, {}, tls_name});
}

void FakeNetwork::begin(std::uint64_t connection) {
  const auto known = connections_.find(connection);
  if (known == connections_.end()) return;
  Connection& one = *known->second;
  if (one.connected() || hanging_.contains(one.server())) return;
  const auto failing = failing_.find(one.server());
  if (failing == failing_.end()) return one.connect();
  one.receiver().ended(failing->second);
}

Asked FakeNetwork::next() {
  if (asked_.empty()) {
    ADD_FAILURE() << "nobody is asked";
    return {{}, Asked::Over::udp, 0, 0, query("nobody.was.asked. A")};
  }
  Asked first = std::move(asked_.front());
  asked_.pop_front();
  return first;
}

std::size_t FakeNetwork::connections(const dns::SocketAddress& server) const {
  std::size_t count = 0;
  for (const auto& [serial, one] : connections_) count += one->server() == server ? 1 : 0;
  return count;
}

void FakeNetwork::answer(const Asked& asked, dns::Wire reply) {
  dns::put16(reply.data(), asked.id());
  deliver(asked, reply);
}

void FakeNetwork::deliver(const Asked& asked, dns::WireView bytes) {
  if (asked.over == Asked::Over::udp) return deliver_at(asked, asked.port, bytes);
  const auto known = connections_.find(asked.through);
  if (known != connections_.end()) known->second->receiver().received(net::framed(bytes));
}

void FakeNetwork::deliver_at(const Asked& asked, net::PortId port, dns::WireView bytes) {
  const auto known = ports_.find(asked.through);
  dns::Wire own(bytes.begin(), bytes.end());
  if (known != ports_.end()) known->second->receiver().datagram(port, own);
}

void FakeNetwork::refuse(const Asked& asked) {
  const auto ports = ports_.find(asked.through);
  if (ports != ports_.end()) return ports->second->receiver().unreachable(asked.port);
  const auto known = connections_.find(asked.through);
  if (known != connections_.end()) {
    known->second->receiver().ended("lost the connection to " + asked.server.to_text() +
                                    ": Connection reset by peer");
  }
}

void FakeNetwork::hang_up(const Asked& asked) {
  const auto known = connections_.find(asked.through);
  if (known != connections_.end()) known->second->receiver().ended("");
}

void FakeNetwork::refuse_connections(const dns::SocketAddress& server, bool refuse) {
  fail_connections(server,
                   refuse ? "cannot connect to " + server.to_text() + ": Connection refused" : "");
}

void FakeNetwork::fail_connections(const dns::SocketAddress& server, const std::string& why) {
  failing_.erase(server);
  if (!why.empty()) failing_[server] = why;
}

void FakeNetwork::hang_connections(const dns::SocketAddress& server, bool hang) {
  hanging_.erase(server);
  if (hang) hanging_.insert(server);
  std::vector<std::uint64_t> begun;
  for (const auto& [serial, one] : connections_) {
    if (one->server() == server && !one->connected()) begun.push_back(serial);
  }
  for (const std::uint64_t serial : begun) begin(serial);
}

void FakeNetwork::stop_reading(const dns::SocketAddress& server, std::size_t unsent) {
  unsent_[server] = unsent;
}

std::size_t FakeNetwork::connections_begun(const dns::SocketAddress& server) const {
  const auto known = begun_.find(server);
  return known == begun_.end() ? 0 : known->second;
}

void FakeNetwork::cut_off(const dns::SocketAddress& server, bool cut) {
  if (cut) {
    cut_off_.insert(server);
  } else {
    cut_off_.erase(server);
  }
}

}  // namespace support
