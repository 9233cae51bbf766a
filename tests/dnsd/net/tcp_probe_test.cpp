#include "dnsd/net/tcp_probe.h"

#include <optional>

#include "dnsd/net/fault_words.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/tcp_peer.h"

namespace net {
namespace {

constexpr dns::Milliseconds kLong{5'000};

class TcpProbeTest : public support::LoopTest {
 protected:
  std::optional<TcpOutcome> outcome;
  std::unique_ptr<TcpProbe> probe;

  void start(const dns::SocketAddress& server, TcpExchange exchange = {},
             dns::Milliseconds timeout = kLong) {
    probe = std::make_unique<TcpProbe>(
        loop, server, timeout,
        [this](const TcpOutcome& seen) {
          outcome = seen;
          probe.reset();  // the callee may destroy the caller
        },
        std::move(exchange));
  }
  void ask(const dns::SocketAddress& server, std::size_t enough = 4,
           dns::Milliseconds timeout = kLong) {
    start(server,
          {"question\r\n\r\n",
           [this, enough](std::string_view part) {
             heard += part;
             return heard.size() >= enough;
           }},
          timeout);
  }
  bool over() {
    return run_until([this] { return outcome.has_value(); });
  }

  std::string heard;
};

TEST_F(TcpProbeTest, AConnectionIsEnoughWhereNothingIsSaid) {
  support::ScriptedServer server(loop, [](auto&, const auto&) {});
  start(server.address());
  ASSERT_TRUE(over());
  EXPECT_TRUE(outcome->connected);
  EXPECT_EQ(outcome->error, 0);
}

TEST_F(TcpProbeTest, SaysItsQuestionAndHearsUntilItIsEnough) {
  support::ScriptedServer server(loop, [](auto& peer, const auto&) { peer.say("answer"); });
  ask(server.address());
  ASSERT_TRUE(over());
  EXPECT_EQ(outcome->error, 0);
  EXPECT_EQ(server.requests, std::vector<std::string>{"question\r\n\r\n"});
  EXPECT_EQ(heard, "answer");
  EXPECT_TRUE(run_until([&] { return server.peers.front()->ended; }));  // it is closed
}

TEST_F(TcpProbeTest, SaysThatNobodyListens) {
  start(dns::SocketAddress::from_text("127.0.0.1:1", 0).value());
  EXPECT_FALSE(outcome.has_value());  // never before it is made
  ASSERT_TRUE(over());
  EXPECT_FALSE(outcome->connected);
  EXPECT_EQ(fault_words(outcome->error), "refused");
}

TEST_F(TcpProbeTest, SaysThatTheServerEndedTheConnection) {
  support::ScriptedServer server(loop, [](auto& peer, const auto&) {
    peer.say("an");
    peer.close();
  });
  ask(server.address());
  ASSERT_TRUE(over());
  EXPECT_TRUE(outcome->connected);
  EXPECT_TRUE(is_end(outcome->error));
  EXPECT_EQ(heard, "an");
}

TEST_F(TcpProbeTest, TheTimeIsForAllOfIt) {
  support::ScriptedServer server(loop, [](auto& peer, const auto&) { peer.say("an"); });
  ask(server.address(), 4, dns::Milliseconds(50));
  ASSERT_TRUE(over());
  EXPECT_TRUE(outcome->connected);
  EXPECT_EQ(fault_words(outcome->error), "timed out");
}

TEST_F(TcpProbeTest, OneThatIsDestroyedIsSilent) {
  support::ScriptedServer server(loop, [](auto& peer, const auto&) { peer.say("answer"); });
  ask(server.address());
  probe.reset();
  ask(server.address(), 100);
  EXPECT_TRUE(run_until([&] { return heard == "answer"; }));
  probe.reset();
  run_for(dns::Milliseconds(20));
  EXPECT_FALSE(outcome.has_value());
}

}  // namespace
}  // namespace net
