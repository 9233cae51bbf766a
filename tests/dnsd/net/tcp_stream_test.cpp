#include "dnsd/net/tcp_stream.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dnsd/net/loop_network.h"
#include "tests/support/loop_fixture.h"

namespace net {
namespace {

/// A listening socket on loopback, by plain blocking calls.
class PlainListener {
 public:
  PlainListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_storage storage;
    unsigned size = dns::SocketAddress::from_text("127.0.0.1:0", 0).value().to_sockaddr(storage);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&storage), size), 0);
    EXPECT_EQ(listen(fd_, 8), 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&storage), &size);
    address_ = dns::SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&storage));
  }
  ~PlainListener() { close(fd_); }
  PlainListener(const PlainListener&) = delete;
  PlainListener& operator=(const PlainListener&) = delete;

  const dns::SocketAddress& address() const { return address_; }
  int accept_one() const { return accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC); }

 private:
  int fd_;
  dns::SocketAddress address_;
};

struct Receiver final : StreamReceiver {
  bool is_connected = false;
  dns::Wire bytes;
  int ends = 0;
  std::string why;
  std::unique_ptr<Stream> stream;
  bool destroy_on_bytes = false;

  void connected() override { is_connected = true; }
  void received(dns::WireView more) override {
    bytes.insert(bytes.end(), more.begin(), more.end());
    if (destroy_on_bytes) stream.reset();
  }
  void ended(const std::string& reason) override {
    ++ends;
    why = reason;
    stream.reset();
  }
};

class TcpStreamTest : public support::LoopTest {
 protected:
  void connect(const dns::SocketAddress& server) {
    connector = network.open_tcp(server);
    receiver.stream = connector->connect(receiver);
  }

  LoopNetwork network{loop, 16};
  PlainListener listener;
  std::unique_ptr<Connector> connector;
  Receiver receiver;
};

TEST_F(TcpStreamTest, WhatIsSentBeforeItIsConnectedLeavesInOrder) {
  connect(listener.address());
  receiver.stream->send({'o', 'n', 'e'});
  receiver.stream->send({'t', 'w', 'o'});
  EXPECT_FALSE(receiver.is_connected);
  ASSERT_TRUE(run_until([&] { return receiver.is_connected; }));
  const int peer = listener.accept_one();
  char bytes[6];
  ASSERT_EQ(recv(peer, bytes, sizeof bytes, MSG_WAITALL), 6);
  EXPECT_EQ(std::string(bytes, 6), "onetwo");
  ASSERT_EQ(write(peer, "reply", 5), 5);
  EXPECT_TRUE(run_until([&] { return receiver.bytes.size() == 5; }));
  close(peer);
  EXPECT_TRUE(run_until([&] { return receiver.ends == 1; }));
  EXPECT_EQ(receiver.why, "") << "an orderly end";
}

TEST_F(TcpStreamTest, TellsThatNobodyListens) {
  auto nobody = listener.address();
  {
    const PlainListener gone;
    nobody = gone.address();
  }
  connect(nobody);
  EXPECT_EQ(receiver.ends, 0);
  ASSERT_TRUE(run_until([&] { return receiver.ends == 1; }));
  EXPECT_EQ(receiver.why, "cannot connect to " + nobody.to_text() + ": connection refused");
}

TEST_F(TcpStreamTest, TellsOfAReset) {
  connect(listener.address());
  ASSERT_TRUE(run_until([&] { return receiver.is_connected; }));
  const int peer = listener.accept_one();
  const linger at_once{1, 0};
  setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(peer);
  ASSERT_TRUE(run_until([&] { return receiver.ends == 1; }));
  EXPECT_EQ(receiver.why, "lost the connection to " + listener.address().to_text() +
                              ": connection reset by peer");
}

TEST_F(TcpStreamTest, MayBeDestroyedWhileItConnects) {
  connect(listener.address());
  receiver.stream->send({'x'});
  receiver.stream.reset();
  run_for(dns::Milliseconds(20));
  EXPECT_FALSE(receiver.is_connected);
  EXPECT_EQ(receiver.ends, 0);
}

TEST_F(TcpStreamTest, MayBeDestroyedByWhoReceives) {
  connect(listener.address());
  receiver.destroy_on_bytes = true;
  ASSERT_TRUE(run_until([&] { return receiver.is_connected; }));
  const int peer = listener.accept_one();
  ASSERT_EQ(write(peer, "reply", 5), 5);
  EXPECT_TRUE(run_until([&] { return receiver.stream == nullptr; }));
  close(peer);
}

}  // namespace
}  // namespace net
