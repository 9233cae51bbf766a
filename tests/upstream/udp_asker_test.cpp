#include "upstream/udp_asker.h"

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

constexpr std::uint64_t kEverySecond = 0xaaaaaaaaaaaaaaaa;

class UdpAskerTest : public testing::Test {
 protected:
  void ask(const std::string& name) {
    asker.ask({support::upstream_query(name), clock.now() + 4500ms, hearer.heard()});
  }
  static dns::Wire good(const std::string& name) {
    return message(name + " A", {.answer = {name + " 60 IN A 198.51.100.7"}});
  }

  support::FakeClock clock;
  support::FakeNetwork network{clock};
  support::Hearer hearer;
  UdpAsker asker{network, clock, kServer};
};

TEST_F(UdpAskerTest, AsksWithRdAndEdnsAndHearsTheAnswer) {
  ask("web.example.");
  const auto asked = network.next();
  EXPECT_EQ(asked.to_text(), "192.0.2.1:53 udp web.example. A");
  EXPECT_EQ(asked.message, support::query("web.example. A", asked.id(), true));
  clock.advance(7ms);
  network.answer(asked, good("web.example."));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::answered);
  EXPECT_EQ(hearer.replies[0].took, 7ms);
  EXPECT_EQ(support::answers_of(hearer.replies[0].message)[0], "web.example. 60 IN A 198.51.100.7");
}

TEST_F(UdpAskerTest, PassesDoAndCdOn) {
  auto query = support::upstream_query("web.example.");
  query.dnssec_ok = query.checking_disabled = true;
  asker.ask({query, clock.now() + 1s, hearer.heard()});
  const auto asked = network.next();
  auto expected = support::query("web.example. A", asked.id(), true, true);
  expected[3] |= 0x10;
  EXPECT_EQ(asked.message, expected);
}

TEST_F(UdpAskerTest, AsksWithoutEdnsWhenTold) {
  auto query = support::upstream_query("web.example.");
  query.edns = false;
  asker.ask({query, clock.now() + 1s, hearer.heard()});
  EXPECT_FALSE(support::has_edns(network.next().message));
}

TEST_F(UdpAskerTest, WaitsPastWrongIdsPortsAndQuestionsAndCountsThem) {
  ask("web.example.");
  const auto asked = network.next();
  auto wrong_id = good("web.example.");
  dns::put16(wrong_id.data(), static_cast<std::uint16_t>(asked.id() + 1));
  network.deliver(asked, wrong_id);
  auto right_id = good("web.example.");
  dns::put16(right_id.data(), asked.id());
  network.deliver_at(asked, asked.port + 1, right_id);
  network.answer(asked, good("www.example."));
  network.deliver(asked, dns::Wire{1, 2, 3});
  EXPECT_TRUE(hearer.replies.empty());
  EXPECT_EQ(asker.mismatches(), 4U);
  network.deliver(asked, right_id);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::answered);
}

TEST_F(UdpAskerTest, MixesTheCaseAndHandsTheAnswerBackInLowerCase) {
  network.mix_case(kEverySecond);
  ask("web.example.");
  const auto asked = network.next();
  EXPECT_EQ(asked.to_text(), "192.0.2.1:53 udp WeB.ExAmPlE. A");
  network.answer(asked, good("WeB.ExAmPlE."));
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].message, [&] {
    auto lower = good("web.example.");
    dns::put16(lower.data(), asked.id());
    return lower;
  }());
  EXPECT_EQ(asker.mismatches(), 0U);
}

TEST_F(UdpAskerTest, WaitsPastTheWrongCaseAndCountsIt) {
  network.mix_case(kEverySecond);
  for (int i = 0; i < 10; ++i) {
    ask("web.example.");
    const auto asked = network.next();
    network.answer(asked, good("web.example."));
    EXPECT_EQ(hearer.replies.size(), static_cast<std::size_t>(i));
    clock.advance(kCaseWait - 1ms);
    network.answer(asked, good("WeB.ExAmPlE."));
    EXPECT_EQ(hearer.replies.size(), static_cast<std::size_t>(i + 1));
  }
  EXPECT_EQ(asker.mismatches(), 10U);
  EXPECT_EQ(asker.wrong_cases(), 10U);
  EXPECT_FALSE(network.anybody_asked());
}

TEST_F(UdpAskerTest, AServerThatDoesNotEchoTheCaseIsFoundOutAndAskedInLowerCase) {
  network.mix_case(kEverySecond);
  ask("web.example.");
  network.answer(network.next(), good("web.example."));
  clock.advance(kCaseWait);
  network.answer(network.next(), good("web.example."));
  clock.advance(kCaseWait);
  EXPECT_TRUE(hearer.replies.empty());
  network.answer(network.next(), good("web.example."));
  ASSERT_EQ(hearer.replies.size(), 1U) << "three in a row are no accident";
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::answered);
  ask("www.example.");
  const auto plain = network.next();
  EXPECT_EQ(plain.to_text(), "192.0.2.1:53 udp www.example. A");
  network.answer(plain, good("www.example."));
  EXPECT_EQ(hearer.replies.size(), 2U);
  clock.advance(kCaseProbeAfter);
  ask("web.example.");
  EXPECT_EQ(network.next().to_text(), "192.0.2.1:53 udp WeB.ExAmPlE. A") << "it may be renewed";
}

TEST_F(UdpAskerTest, AmongOtherMismatchesTheWrongCaseIsTakenForAGuess) {
  network.mix_case(kEverySecond);
  for (int i = 0; i < 5; ++i) {
    ask("web.example.");
    const auto asked = network.next();
    network.answer(asked, good("www.example."));
    network.answer(asked, good("web.example."));
    clock.advance(1s);
    EXPECT_FALSE(network.anybody_asked()) << "the right answer is on its way";
    network.answer(asked, good("WeB.ExAmPlE."));
  }
  EXPECT_EQ(hearer.replies.size(), 5U);
}

TEST_F(UdpAskerTest, GivesUpOnUdpAfterManyMismatches) {
  ask("web.example.");
  const auto asked = network.next();
  auto guess = good("web.example.");
  for (unsigned i = 1; i <= kMismatchesMost; ++i) {
    EXPECT_TRUE(hearer.replies.empty());
    dns::put16(guess.data(), static_cast<std::uint16_t>(asked.id() + i));
    network.deliver(asked, guess);
  }
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::suspicious);
}

TEST_F(UdpAskerTest, TimesOutAtTheDeadline) {
  ask("web.example.");
  const auto asked = network.next();
  clock.advance(4499ms);
  EXPECT_TRUE(hearer.replies.empty());
  clock.advance(1ms);
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::timed_out);
  network.answer(asked, good("web.example."));
  EXPECT_EQ(hearer.replies.size(), 1U) << "a late reply finds nobody";
}

TEST_F(UdpAskerTest, TellsWhenNobodyIsThere) {
  ask("web.example.");
  network.refuse(network.next());
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
  EXPECT_EQ(hearer.replies[0].why, "nothing listens at 192.0.2.1:53");
}

TEST_F(UdpAskerTest, TellsLaterThatAQueryCannotLeave) {
  network.cut_off(kServer);
  ask("web.example.");
  EXPECT_TRUE(hearer.replies.empty()) << "never before ask() returns";
  clock.settle();
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::unreachable);
}

TEST_F(UdpAskerTest, TellsErrorsTruncationAndMisunderstandingApart) {
  const std::vector<std::pair<support::Parts, Outcome>> cases{
      {{.rcode = dns::Rcode::SERVFAIL}, Outcome::bad_answer},
      {{.rcode = dns::Rcode::FORMERR}, Outcome::not_understood},
      {{.truncated = true}, Outcome::truncated},
  };
  for (const auto& [parts, outcome] : cases) {
    ask("web.example.");
    network.answer(network.next(), message("web.example. A", parts));
    EXPECT_EQ(hearer.replies.back().outcome, outcome);
  }
}

TEST_F(UdpAskerTest, ManyInFlightEachFindTheirOwn) {
  std::vector<support::Asked> asked;
  for (int i = 0; i < 3000; ++i) {
    ask("n" + std::to_string(i) + ".example.");
    asked.push_back(network.next());
  }
  for (int i = 2999; i >= 0; --i) {
    network.answer(asked[static_cast<std::size_t>(i)], good("n" + std::to_string(i) + ".example."));
    ASSERT_EQ(hearer.replies.size(), static_cast<std::size_t>(3000 - i));
    ASSERT_EQ(support::question_of(hearer.replies.back().message),
              "n" + std::to_string(i) + ".example. A");
  }
}

TEST_F(UdpAskerTest, AtTheBoundTheOldestCountsAsTimedOut) {
  UdpAsker small{network, clock, kServer, 3};
  std::vector<support::Asked> asked;
  for (const char* name : {"a.example.", "b.example.", "c.example.", "d.example."}) {
    small.ask({support::upstream_query(name), clock.now() + 4500ms, hearer.heard()});
    asked.push_back(network.next());
  }
  EXPECT_TRUE(hearer.replies.empty()) << "who asks is not disturbed";
  clock.settle();
  ASSERT_EQ(hearer.replies.size(), 1U);
  EXPECT_EQ(hearer.replies[0].outcome, Outcome::timed_out);
  network.answer(asked[0], good("a.example."));
  EXPECT_EQ(hearer.replies.size(), 1U) << "its reply finds nobody";
  network.answer(asked[3], good("d.example."));
  network.answer(asked[1], good("b.example."));
  network.answer(asked[2], good("c.example."));
  EXPECT_EQ(hearer.replies.size(), 4U);
}

TEST_F(UdpAskerTest, MayBeAskedAgainByWhoHears) {
  int rounds = 0;
  const std::function<void()> again = [&] {
    asker.ask({support::upstream_query("web.example."), clock.now() + 1s, [&](const ServerReply&) {
                 if (++rounds < 5) again();
               }});
  };
  again();
  for (int i = 0; i < 5; ++i) network.answer(network.next(), good("web.example."));
  EXPECT_EQ(rounds, 5);
}

TEST(UdpAsker, SaysNothingOnceDestroyed) {
  support::FakeClock clock;
  support::FakeNetwork network(clock);
  support::Hearer hearer;
  {
    UdpAsker asker(network, clock, kServer);
    UdpAsker small(network, clock, kServer, 1);
    for (int i = 0; i < 3; ++i) {
      asker.ask({support::upstream_query("web.example."), clock.now() + 1s, hearer.heard()});
      small.ask({support::upstream_query("web.example."), clock.now() + 1s, hearer.heard()});
    }
  }
  clock.advance(2s);
  EXPECT_TRUE(hearer.replies.empty());
}

}  // namespace
}  // namespace upstream
