#include "dnsd/net/loop_network.h"

#include <exception>

#include "dnsd/net/loop.h"
#include "dnsd/net/tcp_stream.h"
#include "dnsd/net/tls_stream.h"
#include "dnsd/net/udp_ports.h"

namespace net {
namespace {

/// A connection that never was.
class FailedStream final : public Stream {
 public:
  FailedStream(Loop& loop, std::string why, StreamReceiver& receiver)
      : loop_(loop), failure_(loop.after(dns::Milliseconds(0), [why = std::move(why), &receiver] {
          receiver.ended(why);
        })) {}
  ~FailedStream() override { loop_.cancel(failure_); }
  FailedStream(const FailedStream&) = delete;
  FailedStream& operator=(const FailedStream&) = delete;

  void send(dns::Wire) override {}
  std::size_t unsent() const override { return 0; }

 private:
  Loop& loop_;
  TimerId failure_;
};

}  // namespace

class LoopNetwork::TcpConnector final : public Connector {
 public:
  TcpConnector(Loop& loop, const dns::SocketAddress& server) : loop_(loop), server_(server) {}

  std::unique_ptr<Stream> connect(StreamReceiver& receiver) override {
    return std::make_unique<TcpStream>(loop_, server_, receiver);
  }

 private:
  Loop& loop_;
  dns::SocketAddress server_;
};

class LoopNetwork::TlsConnector final : public Connector {
 public:
  TlsConnector(LoopNetwork& network, const dns::SocketAddress& server, const std::string& tls_name)
      : network_(network), server_{server, tls_name, {}} {}

  std::unique_ptr<Stream> connect(StreamReceiver& receiver) override try {
    if (network_.tls_ == nullptr) network_.tls_ = std::make_unique<TlsContext>();
    return std::make_unique<TlsStream>(network_.loop_, *network_.tls_, server_, receiver);
  } catch (const std::exception& problem) {
    return std::make_unique<FailedStream>(network_.loop_, problem.what(), receiver);
  }

 private:
  LoopNetwork& network_;
  TlsServer server_;
};

LoopNetwork::LoopNetwork(Loop& loop, std::size_t udp_sockets_most)
    : loop_(loop), udp_sockets_most_(udp_sockets_most) {}

LoopNetwork::~LoopNetwork() = default;

std::unique_ptr<UdpPorts> LoopNetwork::open_udp(const dns::SocketAddress& server,
                                                DatagramReceiver& receiver) {
  if (poller_ == nullptr) poller_ = std::make_unique<UdpPoller>(loop_);
  return std::make_unique<LoopUdpPorts>(*poller_, loop_, random_, server, receiver,
                                        udp_sockets_most_);
}

std::unique_ptr<Connector> LoopNetwork::open_tcp(const dns::SocketAddress& server) {
  return std::make_unique<TcpConnector>(loop_, server);
}

std::unique_ptr<Connector> LoopNetwork::open_tls(const dns::SocketAddress& server,
                                                 const std::string& tls_name) {
  return std::make_unique<TlsConnector>(*this, server, tls_name);
}

}  // namespace net
