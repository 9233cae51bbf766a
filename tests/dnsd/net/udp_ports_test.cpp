#include "dnsd/net/udp_ports.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <set>

#include "dnsd/net/file_limit.h"
#include "dnsd/net/loop_network.h"
#include "tests/support/fake_clock.h"
#include "tests/support/loop_fixture.h"

namespace net {
namespace {

using namespace std::chrono_literals;

/// A server on loopback, by plain blocking calls.
class PlainServer {
 public:
  explicit PlainServer(const char* address) {
    auto bound = dns::SocketAddress::from_text(address, 0).value();
    sockaddr_storage storage;
    unsigned size = bound.to_sockaddr(storage);
    fd_ = socket(storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval limit{5, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ok_ = fd_ >= 0 && bind(fd_, reinterpret_cast<sockaddr*>(&storage), size) == 0;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size);
    if (ok_) address_ = dns::SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&storage));
  }
  ~PlainServer() { stop(); }
  void stop() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  PlainServer(const PlainServer&) = delete;
  PlainServer& operator=(const PlainServer&) = delete;

  bool ok() const { return ok_; }
  const dns::SocketAddress& address() const { return address_; }

  /// Takes one datagram; who sent it.
  dns::SocketAddress hear(dns::Wire& bytes) const {
    bytes.resize(2048);
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const ssize_t got =
        recvfrom(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    EXPECT_GE(got, 0) << "nothing arrived";
    if (got < 0) return {};
    bytes.resize(static_cast<std::size_t>(got));
    return dns::SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&from));
  }
  void send(const dns::SocketAddress& to, dns::WireView bytes) const {
    sockaddr_storage storage;
    const unsigned size = to.to_sockaddr(storage);
    sendto(fd_, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&storage), size);
  }

 private:
  int fd_ = -1;
  bool ok_ = false;
  dns::SocketAddress address_;
};

struct Receiver final : DatagramReceiver {
  std::vector<std::pair<PortId, dns::Wire>> heard;
  std::vector<PortId> gone;
  void datagram(PortId port, dns::WireSpan bytes) override {
    heard.emplace_back(port, dns::Wire(bytes.begin(), bytes.end()));
  }
  void unreachable(PortId port) override { gone.push_back(port); }
};

class UdpPortsTest : public support::LoopTest {
 protected:
  std::size_t limit = raise_file_limit();
  Receiver receiver;
};

const dns::Wire kQuery{1, 2, 3};

TEST_F(UdpPortsTest, SendsAndHearsBackBySocketThatSent) {
  for (const char* address : {"127.0.0.1:0", "[::1]:0"}) {
    PlainServer server(address);
    if (!server.ok()) GTEST_SKIP() << "no " << address;
    LoopNetwork network(loop, 64);
    const auto ports = network.open_udp(server.address(), receiver);
    const auto sent = ports->send(kQuery);
    ASSERT_TRUE(sent.ok()) << sent.error().message;
    dns::Wire bytes;
    server.send(server.hear(bytes), dns::Wire{9, 8});
    EXPECT_EQ(bytes, kQuery);
    receiver.heard.clear();
    ASSERT_TRUE(run_until([&] { return !receiver.heard.empty(); }));
    EXPECT_EQ(receiver.heard[0].first, sent.value());
    EXPECT_EQ(receiver.heard[0].second, (dns::Wire{9, 8}));
  }
}

TEST_F(UdpPortsTest, LeavesByManyUnpredictablePorts) {
  if (limit < 4096) GTEST_SKIP() << "this process may open " << limit << " files";
  PlainServer server("127.0.0.1:0");
  LoopNetwork network(loop, 3000);
  const auto ports = network.open_udp(server.address(), receiver);
  std::map<std::uint16_t, int> seen;
  std::vector<std::uint16_t> order;
  dns::Wire bytes;
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(ports->send(kQuery).ok());
    order.push_back(server.hear(bytes).port);
    ++seen[order.back()];
  }
  EXPECT_GT(seen.size(), 1000U);
  EXPECT_GE(seen.begin()->first, 1024);
  EXPECT_LT(seen.begin()->first, 3000) << "the whole range is used";
  EXPECT_GT(seen.rbegin()->first, 63000);
  int next_door = 0;
  for (std::size_t i = 1; i < order.size(); ++i) next_door += order[i] == order[i - 1] + 1 ? 1 : 0;
  EXPECT_LT(next_door, 20) << "ports do not count up";
}

TEST_F(UdpPortsTest, RenewsItsSockets) {
  if (limit < 6000) GTEST_SKIP() << "this process may open " << limit << " files";
  PlainServer server("127.0.0.1:0");
  UdpPoller poller(loop);
  KernelRandom random;
  support::FakeClock clock;
  LoopUdpPorts ports(poller, clock, random, server.address(), receiver, 4000);
  std::set<std::uint16_t> seen;
  dns::Wire bytes;
  for (int i = 0; i < 400'000; ++i) {
    ASSERT_TRUE(ports.send(kQuery).ok());
    seen.insert(server.hear(bytes).port);
    if (i % 1000 == 0) clock.advance(1s);
  }
  EXPECT_GT(seen.size(), 5000U) << "2048 places, and about 64 queries each";
}

TEST_F(UdpPortsTest, AtTheBoundNoSocketIsClosedBeforeItsTime) {
  PlainServer server("127.0.0.1:0");
  UdpPoller poller(loop);
  KernelRandom random;
  support::FakeClock clock;
  LoopUdpPorts ports(poller, clock, random, server.address(), receiver, 16);
  std::set<dns::SocketAddress> from;
  dns::Wire bytes;
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(ports.send(kQuery).ok());
    from.insert(server.hear(bytes));
  }
  EXPECT_EQ(poller.sockets(), 16U);
  EXPECT_EQ(from.size(), 16U) << "sockets are used on";
  for (const auto& client : from) server.send(client, kQuery);
  EXPECT_TRUE(run_until([&] { return receiver.heard.size() == from.size(); }));
}

TEST_F(UdpPortsTest, EveryServerHasSomeSocketsEvenAtTheBound) {
  PlainServer first("127.0.0.1:0");
  PlainServer second("127.0.0.1:0");
  LoopNetwork network(loop, 16);
  const auto greedy = network.open_udp(first.address(), receiver);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(greedy->send(kQuery).ok());
  const auto late = network.open_udp(second.address(), receiver);
  std::set<PortId> ports;
  for (int i = 0; i < 1000; ++i) {
    const auto sent = late->send(kQuery);
    ASSERT_TRUE(sent.ok()) << sent.error().message;
    ports.insert(sent.value());
  }
  EXPECT_EQ(ports.size(), 8U);
}

TEST_F(UdpPortsTest, ARenewedSocketStillHearsWhatIsOnItsWay) {
  PlainServer server("127.0.0.1:0");
  LoopNetwork network(loop, 16);
  const auto ports = network.open_udp(server.address(), receiver);
  std::vector<dns::SocketAddress> from;
  std::set<PortId> sent;
  dns::Wire bytes;
  for (int i = 0; i < 100; ++i) {
    sent.insert(ports->send(kQuery).value());
    from.push_back(server.hear(bytes));
  }
  for (const auto& client : from) server.send(client, kQuery);
  EXPECT_TRUE(run_until([&] { return receiver.heard.size() == from.size(); }))
      << receiver.heard.size();
}

TEST_F(UdpPortsTest, HearsNothingFromAnotherAddressOrPort) {
  PlainServer server("127.0.0.1:0");
  PlainServer other("127.0.0.1:0");
  PlainServer elsewhere(("127.0.0.2:" + std::to_string(server.address().port)).c_str());
  LoopNetwork network(loop, 64);
  const auto ports = network.open_udp(server.address(), receiver);
  ASSERT_TRUE(ports->send(kQuery).ok());
  dns::Wire bytes;
  const auto client = server.hear(bytes);
  other.send(client, dns::Wire{6, 6, 6});
  elsewhere.send(client, dns::Wire{6, 6, 6});
  server.send(client, dns::Wire{7});
  ASSERT_TRUE(run_until([&] { return !receiver.heard.empty(); }));
  EXPECT_EQ(receiver.heard.size(), 1U);
  EXPECT_EQ(receiver.heard[0].second, dns::Wire{7});
}

TEST_F(UdpPortsTest, TellsThatNobodyListens) {
  PlainServer server("127.0.0.1:0");
  server.stop();
  LoopNetwork network(loop, 64);
  const auto ports = network.open_udp(server.address(), receiver);
  const auto sent = ports->send(kQuery);
  ASSERT_TRUE(sent.ok());
  ASSERT_TRUE(run_until([&] { return !receiver.gone.empty(); }));
  EXPECT_EQ(receiver.gone[0], sent.value());
}

TEST_F(UdpPortsTest, WithoutFilesItGoesOnWithTheSocketsItHas) {
  PlainServer server("127.0.0.1:0");
  Receiver second;
  LoopNetwork network(loop, 16);
  const auto ports = network.open_udp(server.address(), receiver);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(ports->send(kQuery).ok());
  const auto late = network.open_udp(server.address(), second);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(ports->send(kQuery).ok());
  (void)late;
}

TEST_F(UdpPortsTest, OpensNoSocketBeforeTheFirstSend) {
  PlainServer server("127.0.0.1:0");
  const int before = dup(0);
  close(before);
  LoopNetwork network(loop, 64);
  const auto first = network.open_udp(server.address(), receiver);
  const int after_one = dup(0);
  close(after_one);
  const auto second = network.open_udp(server.address(), receiver);
  const int after_two = dup(0);
  close(after_two);
  EXPECT_EQ(after_two, after_one);
  EXPECT_LE(after_one, before + 1) << "the epoll set alone";
}

}  // namespace
}  // namespace net
