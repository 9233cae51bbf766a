#include "tests/support/fake_network.h"

#include <gtest/gtest.h>

#include "dnsd/net/tcp_framing.h"
#include "tests/support/records.h"

namespace support {

std::string Asked::to_text() const {
  return server.to_text() + (over == Over::udp ? " udp " : " tcp ") + question_of(message);
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
  Connection(FakeNetwork& network, const dns::SocketAddress& server, net::StreamReceiver& receiver)
      : network_(network), server_(server), receiver_(receiver), serial_(++network.last_serial_) {
    network_.connections_[serial_] = this;
    network_.clock_.after(dns::Milliseconds(0),
                          [&network, serial = serial_] { network.begin(serial); });
  }
  ~Connection() override { network_.connections_.erase(serial_); }

  void send(dns::Wire bytes) override {
    framing_.feed(bytes, [this](dns::WireView message) {
      sent_.push_back({server_, Asked::Over::tcp, 0, serial_, {message.begin(), message.end()}});
      return true;
    });
    if (connected_) flush();
  }
  void connect() {
    connected_ = true;
    flush();
    receiver_.connected();
  }
  const dns::SocketAddress& server() const { return server_; }
  net::StreamReceiver& receiver() { return receiver_; }

 private:
  void flush() {
    for (auto& one : sent_) network_.asked_.push_back(std::move(one));
    sent_.clear();
  }

  FakeNetwork& network_;
  dns::SocketAddress server_;
  net::StreamReceiver& receiver_;
  std::uint64_t serial_;
  net::TcpFraming framing_;
  std::deque<Asked> sent_;
  bool connected_ = false;
};

std::unique_ptr<net::UdpPorts> FakeNetwork::open_udp(const dns::SocketAddress& server,
                                                     net::DatagramReceiver& receiver) {
  return std::make_unique<Ports>(*this, server, receiver);
}

std::unique_ptr<net::Stream> FakeNetwork::connect_tcp(const dns::SocketAddress& server,
                                                      net::StreamReceiver& receiver) {
  return std::make_unique<Connection>(*this, server, receiver);
}

void FakeNetwork::begin(std::uint64_t connection) {
  const auto known = connections_.find(connection);
  if (known == connections_.end()) return;
  Connection& one = *known->second;
  if (!refusing_.contains(one.server())) return one.connect();
  one.receiver().ended("cannot connect to " + one.server().to_text() + ": Connection refused");
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
  if (known != ports_.end()) known->second->receiver().datagram(port, bytes);
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
  if (refuse) {
    refusing_.insert(server);
  } else {
    refusing_.erase(server);
  }
}

void FakeNetwork::cut_off(const dns::SocketAddress& server, bool cut) {
  if (cut) {
    cut_off_.insert(server);
  } else {
    cut_off_.erase(server);
  }
}

}  // namespace support
