#include "upstream/tcp_asker.h"

#include <gtest/gtest.h>

#include "tests/support/fake_network.h"
#include "tests/support/heard.h"
#include "tests/support/records.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;
using support::message;

const dns::SocketAddress kServer = dns::SocketAddress::from_text("192.0.2.1", 53).value();

class TcpAskerTest : public testing::Test {
 protected:
  void ask(const std::string& name) {
    asker.ask(support::upstream_query(name), clock.now() + 4500ms, hearer.heard());
    clock.settle();
  }
  static dns::Wire good(const std::string& name) {
    return message(name + " A", {.answer = {name + " 60 IN A 198.51.100.7"}});
  }

  support::FakeClock clock;
  support::FakeNetwork network{clock};
  support::Hearer hearer;
  TcpAsker asker{network, clock, kServer};
};

TEST_F(TcpAskerTest, AsksManyOnOneConnectionAndHearsThemInAnyOrder) {
  ask("one.example.");
  ask("two.example.");
  const auto one = network.next();
  const auto two = network.next();
  EXPECT_EQ(one.to_text(), "192.0.2.1:53 tcp one.example. A");
  EXPECT_EQ(network.connections(kServer), 1U);
  network.answer(two, good("two.example."));
  network.answer(one, good("one.example."));
  ASSERT_EQ(hearer.replies.size(), 2U);
  EXPECT_EQ(support::question_of(hearer.replies[0].message), "two.example. A");
  EXPECT_EQ(support::question_of(hearer.replies[1].message), "one.example. A");
}

TEST_F(TcpAskerTest, ClosesAnIdleConnection) {
  ask("one.example.");
  network.answer(network.next(), good("one.example."));
  clock.advance(kTcpIdle - 1ms);
  EXPECT_EQ(network.connections(kServer), 1U);
  ask("two.example.");
  clock.advance(4000ms);
  EXPECT_EQ(network.connections(kServer), 1U) << "a query is on it";
  network.answer(network.next(), good("two.example."));
  clock.advance(kTcpIdle);
  EXPECT_EQ(network.connections(kServer), 0U);
}

TEST_F(TcpAskerTest, AsksOnceMoreOnAFreshConnectionWhenOneDies) {
  ask("one.example.");
  network.hang_up(network.next());
  clock.settle();
  EXPECT_TRUE(hearer.replies.empty());
  const auto again = network.next();
  EXPECT_EQ(again.to_text(), "192.0.2.1:53 tcp one.example. A");
  network.refuse(again);
  clock.settle();
  EXPECT_FALSE(network.anybody_asked());
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
}

TEST_F(TcpAskerTest, TellsWhenNobodyTakesTheConnection) {
  network.refuse_connections(kServer);
  ask("one.example.");
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
  EXPECT_EQ(hearer.replies[0].why, "cannot connect to 192.0.2.1:53: Connection refused");
}

TEST_F(TcpAskerTest, LetsGoOfAConnectionOnWhichNothingCame) {
  ask("one.example.");
  network.next();
  clock.advance(4500ms);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::timed_out);
  EXPECT_EQ(network.connections(kServer), 0U);
}

TEST_F(TcpAskerTest, CountsMessagesThatAnswerNothing) {
  ask("one.example.");
  const auto asked = network.next();
  network.answer(asked, good("two.example."));
  EXPECT_TRUE(hearer.replies.empty());
  EXPECT_EQ(asker.mismatches(), 1U);
  network.answer(asked, good("one.example."));
  EXPECT_EQ(hearer.replies.size(), 1U);
}

TEST_F(TcpAskerTest, TakesATruncatedAnswerForABadOne) {
  ask("one.example.");
  network.answer(network.next(), message("one.example. A", {.truncated = true}));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::bad_answer);
}

}  // namespace
}  // namespace upstream
