#include "upstream/stream_asker.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/fake_network.h"
#include "tests/support/heard.h"
#include "tests/support/records.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;
using support::message;

const dns::SocketAddress kServer = dns::SocketAddress::from_text("192.0.2.1", 53).value();

class StreamAskerTest : public testing::Test {
 protected:
  void ask(const std::string& name) {
    asker.ask({support::upstream_query(name), clock.now() + 4500ms, hearer.heard()});
    clock.settle();
  }
  static dns::Wire good(const std::string& name) {
    return message(name + " A", {.answer = {name + " 60 IN A 198.51.100.7"}});
  }

  support::FakeClock clock;
  support::FakeNetwork network{clock};
  support::Hearer hearer;
  StreamAsker asker{network, clock, network.open_tcp(kServer), "tcp://192.0.2.1", kTcpIdle};
};

TEST_F(StreamAskerTest, AsksManyOnOneConnectionAndHearsThemInAnyOrder) {
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

TEST_F(StreamAskerTest, ClosesAnIdleConnection) {
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

TEST_F(StreamAskerTest, AsksOnceMoreOnAFreshConnectionWhenOneDies) {
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

TEST_F(StreamAskerTest, TellsWhenNobodyTakesTheConnection) {
  network.refuse_connections(kServer);
  ask("one.example.");
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
  EXPECT_EQ(hearer.replies[0].why, "cannot connect to 192.0.2.1:53: Connection refused");
}

TEST_F(StreamAskerTest, LetsGoOfAConnectionOnWhichNothingCame) {
  ask("one.example.");
  clock.advance(4500ms);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::timed_out);
  EXPECT_EQ(network.connections(kServer), 0U);
}

TEST_F(StreamAskerTest, CountsMessagesThatAnswerNothing) {
  ask("one.example.");
  const auto asked = network.next();
  network.answer(asked, good("two.example."));
  EXPECT_TRUE(hearer.replies.empty());
  EXPECT_EQ(asker.mismatches(), 1U);
  network.answer(asked, good("one.example."));
  EXPECT_EQ(hearer.replies.size(), 1U);
}

TEST_F(StreamAskerTest, TakesATruncatedAnswerForABadOne) {
  ask("one.example.");
  network.answer(network.next(), message("one.example. A", {.truncated = true}));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::bad_answer);
}

TEST_F(StreamAskerTest, AsksOverTlsWhereItsConnectorDoes) {
  StreamAsker over_tls(network, clock, network.open_tls(kServer, "dns.example"), "tls", kTlsIdle);
  over_tls.ask({support::upstream_query("one.example."), clock.now() + 4500ms, hearer.heard()});
  clock.settle();
  const auto asked = network.next();
  EXPECT_EQ(asked.to_text(), "192.0.2.1:53 tls#dns.example one.example. A");
  network.answer(asked, good("one.example."));
  EXPECT_EQ(hearer.replies.size(), 1U);
}

TEST_F(StreamAskerTest, WhatWasAskedWhileItConnectsLeavesTogether) {
  network.hang_connections(kServer);
  ask("one.example.");
  clock.advance(300ms);
  ask("two.example.");
  EXPECT_FALSE(network.anybody_asked());
  network.hang_connections(kServer, false);
  EXPECT_EQ(network.next().to_text(), "192.0.2.1:53 tcp one.example. A");
  const auto two = network.next();
  clock.advance(7ms);
  network.answer(two, good("two.example."));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].took, 7ms) << "from when it left";
}

TEST_F(StreamAskerTest, AConnectionThatHangsFailsWhatWaitsAndTheNextAskConnectsAnew) {
  network.hang_connections(kServer);
  ask("one.example.");
  clock.advance(kConnectMost - 1ms);
  EXPECT_TRUE(hearer.replies.empty());
  clock.advance(1ms);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
  EXPECT_EQ(hearer.replies[0].why, "no connection to it within 2 s");
  EXPECT_EQ(network.connections(kServer), 0U);
  network.hang_connections(kServer, false);
  ask("two.example.");
  network.answer(network.next(), good("two.example."));
  ASSERT_EQ(hearer.replies.size(), 2U);
  EXPECT_EQ(hearer.replies[1].outcome, Outcome::answered);
}

TEST_F(StreamAskerTest, TellsWhyARefusedCertificateIsRefused) {
  network.fail_connections(kServer, "its certificate expired on 2020-01-01");
  ask("one.example.");
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
  EXPECT_EQ(hearer.replies[0].why, "its certificate expired on 2020-01-01");
  EXPECT_FALSE(network.anybody_asked());
}

TEST_F(StreamAskerTest, AllThatWasOnALostConnectionIsAskedAgain) {
  const std::vector<std::string> names{"one.example.", "two.example.", "three.example."};
  for (const std::string& name : names) ask(name);
  network.next();
  network.next();
  network.refuse(network.next());
  clock.settle();
  EXPECT_EQ(network.connections(kServer), 1U);
  for (const std::string& name : names) network.answer(network.next(), good(name));
  ASSERT_EQ(hearer.replies.size(), 3U);
  for (const auto& reply : hearer.replies) EXPECT_EQ(reply.outcome, Outcome::answered);
}

TEST_F(StreamAskerTest, AServerThatClosesAfterEachReplyStillAnswersAll) {
  const std::vector<std::string> names{"one.example.", "two.example.", "three.example.",
                                       "four.example."};
  for (const std::string& name : names) ask(name);
  for (std::size_t left = names.size(); left > 0; --left) {
    const auto first = network.next();
    network.forget_asked();
    network.answer(first, good(names[names.size() - left]));
    network.hang_up(first);
    clock.settle();
  }
  ASSERT_EQ(hearer.replies.size(), names.size());
  for (const auto& reply : hearer.replies) EXPECT_EQ(reply.outcome, Outcome::answered);
}

TEST_F(StreamAskerTest, ASilentConnectionIsLeftForAFreshOneOnce) {
  ask("one.example.");
  network.next();
  clock.advance(kSilenceMost);
  const auto again = network.next();
  EXPECT_EQ(network.connections_begun(kServer), 2U);
  clock.advance(2400ms);
  EXPECT_EQ(network.connections_begun(kServer), 2U) << "a slow server is waited for";
  network.answer(again, good("one.example."));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::answered);
}

TEST_F(StreamAskerTest, AConnectionOnWhichRepliesComeIsNotSilent) {
  ask("slow.example.");
  const auto slow = network.next();
  clock.advance(1000ms);
  ask("quick.example.");
  network.answer(network.next(), good("quick.example."));
  clock.advance(3000ms);
  EXPECT_EQ(network.connections_begun(kServer), 1U);
  network.answer(slow, good("slow.example."));
  EXPECT_EQ(hearer.replies.size(), 2U);
}

TEST_F(StreamAskerTest, EveryIdInFlightIsAnother) {
  std::set<std::uint16_t> ids;
  for (std::size_t i = 0; i < kOnOneConnectionMost; ++i) ask("web.example.");
  while (network.anybody_asked()) ids.insert(network.next().id());
  EXPECT_EQ(ids.size(), kOnOneConnectionMost);
}

TEST_F(StreamAskerTest, BeyondTheBoundTheOldestIsTimedOut) {
  for (std::size_t i = 0; i < kOnOneConnectionMost; ++i) ask("web.example.");
  EXPECT_TRUE(hearer.replies.empty());
  const auto oldest = network.next();
  network.forget_asked();
  asker.ask({support::upstream_query("last.example."), clock.now() + 4500ms, hearer.heard()});
  EXPECT_TRUE(hearer.replies.empty()) << "nobody is told while somebody asks";
  EXPECT_EQ(asker.in_flight(), kOnOneConnectionMost);
  clock.settle();
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::timed_out);
  network.answer(oldest, good("web.example."));
  EXPECT_EQ(hearer.replies.size(), 1U) << "it has landed";
  EXPECT_EQ(asker.mismatches(), 1U);
  network.answer(network.next(), good("last.example."));
  EXPECT_EQ(hearer.replies.size(), 2U);
}

TEST_F(StreamAskerTest, AServerThatDoesNotReadIsSentNoMore) {
  ask("one.example.");
  network.next();
  network.stop_reading(kServer, kUnsentMost + 1);
  ask("two.example.");
  EXPECT_FALSE(network.anybody_asked());
  network.stop_reading(kServer, 0);
  clock.advance(kSilenceMost);
  EXPECT_EQ(network.connections_begun(kServer), 2U);
  EXPECT_EQ(network.next().to_text(), "192.0.2.1:53 tcp one.example. A");
  EXPECT_EQ(network.next().to_text(), "192.0.2.1:53 tcp two.example. A");
}

TEST_F(StreamAskerTest, WhoHearsMayAskAgain) {
  network.refuse_connections(kServer);
  const auto query = support::upstream_query("one.example.");
  Heard once_more = [&](const ServerReply&) {
    network.refuse_connections(kServer, false);
    asker.ask({query, clock.now() + 4500ms, hearer.heard()});
  };
  asker.ask({query, clock.now() + 4500ms, once_more});
  clock.settle();
  network.answer(network.next(), good("one.example."));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::answered);
}

TEST_F(StreamAskerTest, NobodyIsToldOnceItIsDestroyed) {
  {
    StreamAsker shortlived(network, clock, network.open_tcp(kServer), "tcp", kTcpIdle);
    for (std::size_t i = 0; i <= kOnOneConnectionMost; ++i) {
      shortlived.ask({support::upstream_query("web.example."), clock.now() + 1s, hearer.heard()});
    }
  }
  clock.advance(10s);
  EXPECT_TRUE(hearer.replies.empty());
}

}  // namespace
}  // namespace upstream
