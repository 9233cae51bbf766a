#include "upstream/forwarder.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/fake_network.h"
#include "tests/support/heard.h"
#include "tests/support/records.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;
using support::message;

conf::Upstream server(const std::string& address,
                      conf::Upstream::Transport transport = conf::Upstream::Transport::udp) {
  return {transport, dns::SocketAddress::from_text(address, 53).value(), {}};
}

class ForwarderTest : public testing::Test {
 protected:
  void use(const std::vector<std::string>& addresses,
           conf::Forward::Policy policy = conf::Forward::Policy::sequential) {
    Upstreams upstreams;
    for (const auto& address : addresses) upstreams.servers.push_back(server(address));
    upstreams.policy = policy;
    ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  }
  void use_hedging(const std::vector<std::string>& addresses) {
    Upstreams upstreams;
    for (const auto& address : addresses) upstreams.servers.push_back(server(address));
    upstreams.policy = conf::Forward::Policy::sequential;
    upstreams.hedge = true;
    ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  }
  void ask(const std::string& name, dns::Type type = dns::Type::A) {
    forwarder.ask(support::upstream_query(name, type).question, false, false,
                  [this](const UpstreamQuery&, const Answer& answer) {
                    answers.push_back(
                        {{answer.message.begin(), answer.message.end()}, answer.error, answer.why});
                  });
  }
  /// Who is asked next: `192.0.2.1:53 udp web.example. A`.
  support::Asked expect_asked(const std::string& text) {
    auto asked = network.next();
    EXPECT_EQ(asked.to_text(), text);
    return asked;
  }
  static dns::Wire good(const std::string& name) {
    return message(name + " A", {.answer = {name + " 60 IN A 198.51.100.7"}});
  }
  static dns::Wire bad(const std::string& name, dns::Rcode rcode) {
    return message(name + " A", {.rcode = rcode});
  }
  /// Asks and answers once, so that the server in question is measured.
  void measure(const std::string& name, dns::Clock::duration takes) {
    ask(name);
    const auto asked = network.next();
    clock.advance(takes);
    network.answer(asked, good(name));
  }

  struct KeptAnswer {
    dns::Wire message;
    dns::ExtendedError error;
    std::string why;
    bool ok() const { return !message.empty(); }
  };

  support::FakeClock clock;
  support::FakeNetwork network{clock};
  Forwarder forwarder{network, clock, 1, 100};
  std::vector<KeptAnswer> answers;
};

TEST_F(ForwarderTest, HandsBackTheMessageOfTheServerThatAnswers) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  const auto asked = expect_asked("192.0.2.1:53 udp web.example. A");
  network.answer(asked, good("web.example."));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].ok());
  EXPECT_EQ(support::answers_of(answers[0].message)[0], "web.example. 60 IN A 198.51.100.7");
  EXPECT_EQ(forwarder.in_flight(), 0U);
  clock.advance(10s);
  EXPECT_FALSE(network.anybody_asked());
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, NxdomainIsAnAnswer) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("no.example.");
  network.answer(network.next(), bad("no.example.", dns::Rcode::NXDOMAIN));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].ok());
}

TEST_F(ForwarderTest, ASilentServerIsFollowedByTheNext) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  expect_asked("192.0.2.1:53 udp web.example. A");
  clock.advance(kFirstTry - 1ms);
  EXPECT_FALSE(network.anybody_asked());
  clock.advance(1ms);
  const auto second = expect_asked("192.0.2.2:53 udp web.example. A");
  network.answer(second, good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, ALateAnswerOfASlowServerIsStillTaken) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  const auto first = network.next();
  clock.advance(kFirstTry);
  const auto second = network.next();
  network.answer(first, good("web.example."));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].ok());
  network.answer(second, good("web.example."));
  EXPECT_EQ(answers.size(), 1U) << "the other finds nobody";
}

TEST_F(ForwarderTest, TheNextServerIsAskedAtOnceAfterABadAnswer) {
  use({"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"});
  ask("web.example.");
  network.answer(network.next(), bad("web.example.", dns::Rcode::SERVFAIL));
  network.answer(network.next(), bad("web.example.", dns::Rcode::REFUSED));
  auto malformed = good("web.example.");
  malformed.push_back(0);
  network.answer(network.next(), malformed);
  network.refuse(network.next());
  const auto last = expect_asked("192.0.2.5:53 udp web.example. A");
  EXPECT_TRUE(answers.empty());
  network.answer(last, good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, WhenAllAnswerBadlyTheClientHearsWhy) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  network.answer(network.next(), bad("web.example.", dns::Rcode::SERVFAIL));
  network.answer(network.next(), bad("web.example.", dns::Rcode::REFUSED));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].ok());
  EXPECT_EQ(answers[0].error, dns::ExtendedError::NO_REACHABLE_AUTHORITY);
  EXPECT_EQ(answers[0].why, "192.0.2.1: SERVFAIL, 192.0.2.2: REFUSED");
}

TEST_F(ForwarderTest, WhenNobodyIsThereItIsANetworkError) {
  use({"192.0.2.1", "192.0.2.2"});
  network.cut_off(server("192.0.2.2").address);
  ask("web.example.");
  network.refuse(network.next());
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error, dns::ExtendedError::NETWORK_ERROR);
  EXPECT_EQ(answers[0].why,
            "192.0.2.1: nothing listens at 192.0.2.1:53, "
            "192.0.2.2: cannot send to 192.0.2.2:53: Network is unreachable");
}

TEST_F(ForwarderTest, SilenceAllAroundEndsWithTheBudget) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  clock.advance(kQueryBudget - 1ms);
  EXPECT_TRUE(answers.empty());
  clock.advance(1ms);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error, dns::ExtendedError::NO_REACHABLE_AUTHORITY);
  EXPECT_EQ(forwarder.in_flight(), 0U);
  EXPECT_TRUE(forwarder.is_down(dns::Name::from_text("web.example.").value().view()));
  clock.advance(60s);
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, LooksForPausedServersUntilTheyAreBackAndNoLonger) {
  use({"192.0.2.1"});
  ask("web.example.");
  clock.advance(kQueryBudget);
  while (network.anybody_asked()) network.next();
  for (int i = 0; i < 50 && !network.anybody_asked(); ++i) clock.advance(100ms);
  ASSERT_TRUE(network.anybody_asked());
  network.answer(network.next(), support::message(". NS", {.answer = {". 60 IN NS ns.example."}}));
  clock.advance(60s);
  EXPECT_FALSE(network.anybody_asked());
  EXPECT_FALSE(clock.next()) << "no timer is left";
}

TEST_F(ForwarderTest, AServerAloneIsAskedAgainWithGrowingPatience) {
  use({"192.0.2.1"});
  ask("web.example.");
  network.next();
  std::vector<dns::Milliseconds> waits;
  dns::Milliseconds waited{0};
  for (auto time = 0ms; time < kQueryBudget; time += 1ms) {
    clock.advance(1ms);
    waited += 1ms;
    if (!network.anybody_asked()) continue;
    network.next();
    waits.push_back(waited);
    waited = 0ms;
  }
  EXPECT_EQ(waits, (std::vector<dns::Milliseconds>{400ms, 1000ms})) << "three tries (RFC 9520)";
}

TEST_F(ForwarderTest, PatienceFollowsTheMeasuredTime) {
  use({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 20; ++i) measure("web.example.", 2ms);
  ask("web.example.");
  network.next();
  clock.advance(kTryLeast);
  expect_asked("192.0.2.2:53 udp web.example. A");
}

TEST_F(ForwarderTest, AServerThatStaysSilentIsPassedOverAndAskedAgainLater) {
  use({"192.0.2.1", "192.0.2.2"});
  for (unsigned i = 0; i < kFailuresToPassOver; ++i) {
    ask("web.example.");
    expect_asked("192.0.2.1:53 udp web.example. A");
    clock.advance(kFirstTry);
    network.answer(expect_asked("192.0.2.2:53 udp web.example. A"), good("web.example."));
  }
  ask("web.example.");
  network.answer(expect_asked("192.0.2.2:53 udp web.example. A"), good("web.example."));
  clock.advance(kPauseLeast);
  ask("web.example.");
  network.answer(expect_asked("192.0.2.2:53 udp web.example. A"), good("web.example."));
  ASSERT_EQ(answers.size(), 5U) << "the client does not wait for the probe";
  network.answer(expect_asked("192.0.2.1:53 udp web.example. A"), good("web.example."));
  ask("web.example.");
  network.answer(expect_asked("192.0.2.1:53 udp web.example. A"), good("web.example."));
  EXPECT_EQ(forwarder.counters().probes, 1U);
}

TEST_F(ForwarderTest, AProbeThatFailsIsSentAgainAfterALongerPause) {
  use({"192.0.2.1", "192.0.2.2"});
  for (unsigned i = 0; i < kFailuresToPassOver; ++i) {
    ask("web.example.");
    network.refuse(network.next());
    network.answer(network.next(), good("web.example."));
    clock.advance(1ms);
  }
  std::vector<dns::Milliseconds> probed;
  for (auto time = 0ms; time < 20s; time += 100ms) {
    ask("web.example.");
    network.answer(expect_asked("192.0.2.2:53 udp web.example. A"), good("web.example."));
    if (network.anybody_asked()) {
      expect_asked("192.0.2.1:53 udp web.example. A");
      probed.push_back(time);
    }
    clock.advance(100ms);
  }
  EXPECT_EQ(probed, (std::vector<dns::Milliseconds>{1000ms, 4500ms, 10'000ms, 19'500ms}))
      << "silence is known after 1.5 s; then 2 s, 4 s and 8 s of pause";
}

TEST_F(ForwarderTest, ThePausedServersAnswerIsTakenWhenItIsFirst) {
  use({"192.0.2.1", "192.0.2.2"});
  for (unsigned i = 0; i < kFailuresToPassOver; ++i) {
    ask("web.example.");
    network.refuse(network.next());
    network.answer(network.next(), good("web.example."));
    clock.advance(1ms);
  }
  clock.advance(kPauseLeast);
  answers.clear();
  ask("web.example.");
  const auto slow = expect_asked("192.0.2.2:53 udp web.example. A");
  network.answer(expect_asked("192.0.2.1:53 udp web.example. A"), good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
  network.answer(slow, good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, WhenAllArePassedOverAllAreTriedStill) {
  use({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 3; ++i) {
    ask("web.example.");
    clock.advance(kQueryBudget);
  }
  network.forget_asked();
  ask("web.example.");
  EXPECT_TRUE(network.anybody_asked());
}

TEST_F(ForwarderTest, ServfailDoesNotPassAServerOver) {
  use({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 10; ++i) {
    ask("broken.example.");
    network.answer(expect_asked("192.0.2.1:53 udp broken.example. A"),
                   bad("broken.example.", dns::Rcode::SERVFAIL));
    network.answer(network.next(), bad("broken.example.", dns::Rcode::SERVFAIL));
  }
}

TEST_F(ForwarderTest, TheFastestIsAskedFirstOnceAllWereMeasured) {
  use({"192.0.2.1", "192.0.2.2"}, conf::Forward::Policy::fastest);
  measure("web.example.", 30ms);
  measure("web.example.", 3ms);
  ask("web.example.");
  expect_asked("192.0.2.2:53 udp web.example. A");
}

TEST_F(ForwarderTest, ServersAreToldApartBelowAMillisecond) {
  use({"192.0.2.1", "192.0.2.2"}, conf::Forward::Policy::fastest);
  measure("web.example.", 300us);
  measure("web.example.", 200us);
  ask("web.example.");
  expect_asked("192.0.2.2:53 udp web.example. A");
}

TEST_F(ForwarderTest, NoServerIsAskedMoreThanThreeTimesForOneQuery) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  std::map<dns::SocketAddress, int> asked;
  for (auto time = 0ms; time < kQueryBudget; time += 10ms) {
    while (network.anybody_asked()) ++asked[network.next().server];
    clock.advance(10ms);
  }
  for (const auto& [where, times] : asked) EXPECT_LE(times, 3);
  EXPECT_EQ(asked.size(), 2U);
  ASSERT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, WithoutHedgingALateAnswerIsWaitedFor) {
  use({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 200; ++i) measure("web.example.", 2ms);
  ask("web.example.");
  expect_asked("192.0.2.1:53 udp web.example. A");
  clock.advance(kTryLeast - 1ms);
  EXPECT_FALSE(network.anybody_asked());
}

TEST_F(ForwarderTest, HedgingAsksASecondServerWhenTheFirstIsUnusuallyLate) {
  use_hedging({"192.0.2.1", "192.0.2.2", "192.0.2.3"});
  for (int i = 0; i < 200; ++i) measure("web.example.", 2ms);
  answers.clear();
  ask("web.example.");
  const auto first = expect_asked("192.0.2.1:53 udp web.example. A");
  clock.advance(2ms);
  EXPECT_FALSE(network.anybody_asked());
  clock.advance(1ms);
  network.answer(expect_asked("192.0.2.2:53 udp web.example. A"), good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
  network.answer(first, good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(forwarder.counters().hedged, 1U);
  EXPECT_EQ(forwarder.counters().hedge_wins, 1U);
  EXPECT_EQ(forwarder.counters().timeouts, 0U);
}

TEST_F(ForwarderTest, TheFirstMayStillWinAfterAHedge) {
  use_hedging({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 200; ++i) measure("web.example.", 2ms);
  answers.clear();
  ask("web.example.");
  const auto first = network.next();
  clock.advance(3ms);
  expect_asked("192.0.2.2:53 udp web.example. A");
  network.answer(first, good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(forwarder.counters().hedge_wins, 0U);
}

TEST_F(ForwarderTest, ASlowSpellDoesNotDoubleWhatServersAreAsked) {
  use_hedging({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 1000; ++i) measure("web.example.", 2ms);
  for (int i = 0; i < 30; ++i) ask("n" + std::to_string(i) + ".example.");
  network.forget_asked();
  clock.advance(10ms);
  EXPECT_EQ(forwarder.counters().hedged, 10U) << "what was saved up";
}

TEST_F(ForwarderTest, AServerThatOnlyHedgesCoverForIsPassedOverTooInTheEnd) {
  use_hedging({"192.0.2.1", "192.0.2.2"});
  for (int i = 0; i < 200; ++i) measure("web.example.", 2ms);
  for (int i = 0; i < 10; ++i) {
    ask("web.example.");
    network.next();
    clock.advance(3ms);
    network.answer(expect_asked("192.0.2.2:53 udp web.example. A"), good("web.example."));
  }
  EXPECT_FALSE(forwarder.servers()[0]->health.passed_over());
  clock.advance(kQueryBudget);
  EXPECT_EQ(forwarder.servers()[0]->health.failures_in_row(), 1U) << "what fails at once is one";
}

TEST_F(ForwarderTest, ACutAnswerIsFetchedOverTcp) {
  use({"192.0.2.1"});
  ask("web.example.");
  network.answer(network.next(), message("web.example. A", {.truncated = true}));
  clock.settle();
  network.answer(expect_asked("192.0.2.1:53 tcp web.example. A"), good("web.example."));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].ok());
}

TEST_F(ForwarderTest, ATcpUpstreamIsAskedOverTcpAlone) {
  Upstreams upstreams;
  upstreams.servers = {server("192.0.2.1:5353", conf::Upstream::Transport::tcp)};
  ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  EXPECT_EQ(forwarder.servers()[0]->name, "tcp://192.0.2.1:5353");
  ask("web.example.");
  clock.settle();
  network.answer(expect_asked("192.0.2.1:5353 tcp web.example. A"), good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, ATlsUpstreamIsAskedOverTlsAlone) {
  Upstreams upstreams;
  upstreams.servers = {server("192.0.2.1:853", conf::Upstream::Transport::tls)};
  upstreams.servers[0].tls_name = "dns.example";
  ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  EXPECT_EQ(forwarder.servers()[0]->name, "tls://192.0.2.1#dns.example");
  ask("web.example.");
  clock.settle();
  network.answer(expect_asked("192.0.2.1:853 tls#dns.example web.example. A"),
                 good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, ARefusedCertificateIsToldAndNothingElseIsTried) {
  Upstreams upstreams;
  upstreams.servers = {server("192.0.2.1:853", conf::Upstream::Transport::tls)};
  ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  network.fail_connections(upstreams.servers[0].address, "its certificate expired on 2020-01-01");
  ask("web.example.");
  clock.advance(std::chrono::seconds(10));
  EXPECT_FALSE(network.anybody_asked());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error, dns::ExtendedError::NETWORK_ERROR);
  EXPECT_EQ(answers[0].why, "tls://192.0.2.1: its certificate expired on 2020-01-01");
}

TEST_F(ForwarderTest, FormerrToEdnsIsAskedOnceMoreWithout) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  network.answer(network.next(), bad("web.example.", dns::Rcode::FORMERR));
  const auto plain = expect_asked("192.0.2.1:53 udp web.example. A");
  EXPECT_FALSE(support::has_edns(plain.message));
  network.answer(plain, good("web.example."));
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(ForwarderTest, TheLongestSuffixChoosesTheServers) {
  Upstreams upstreams;
  upstreams.servers = {server("192.0.2.1")};
  upstreams.zones = {{dns::Name::from_text("corp.example").value(), {server("192.0.2.2")}},
                     {dns::Name::from_text("lab.corp.example").value(), {server("192.0.2.3")}}};
  ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  ask("corp.example.");
  expect_asked("192.0.2.2:53 udp corp.example. A");
  ask("x.y.lab.corp.example.");
  expect_asked("192.0.2.3:53 udp x.y.lab.corp.example. A");
  ask("notcorp.example.");
  expect_asked("192.0.2.1:53 udp notcorp.example. A");
  EXPECT_EQ(forwarder.servers_for(dns::Name::from_text("a.corp.example").value().view()),
            (std::vector<std::string>{"192.0.2.2"}));
}

TEST_F(ForwarderTest, IsDownWhileNoServerOfTheNamesGroupAnswers) {
  const dns::Name name = dns::Name::from_text("web.example.").value();
  EXPECT_TRUE(forwarder.is_down(name.view())) << "nobody is there to ask";
  use({"192.0.2.1", "192.0.2.2"});
  EXPECT_FALSE(forwarder.is_down(name.view()));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(forwarder.is_down(name.view()));
    ask("web.example.");
    network.refuse(network.next());
    network.refuse(network.next());
    clock.advance(1ms);
  }
  EXPECT_TRUE(forwarder.is_down(name.view()));
  clock.advance(60s);
  EXPECT_TRUE(forwarder.is_down(name.view())) << "until one answers";
  while (network.anybody_asked()) network.next();  // whether they are back
  ask("web.example.");
  network.answer(network.next(), good("web.example."));
  EXPECT_FALSE(forwarder.is_down(name.view()));
}

TEST_F(ForwarderTest, WithoutServersAQueryFailsButNotBeforeAskReturns) {
  ask("web.example.");
  EXPECT_TRUE(answers.empty());
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error, dns::ExtendedError::NETWORK_ERROR);
  EXPECT_EQ(answers[0].why, "no upstream server is known");
}

TEST_F(ForwarderTest, AtTheBoundTheOldestIsShed) {
  use({"192.0.2.1"});
  for (int i = 0; i < 100; ++i) ask("n" + std::to_string(i) + ".example.");
  EXPECT_TRUE(answers.empty());
  ask("n100.example.");
  EXPECT_TRUE(answers.empty()) << "who asks is not disturbed";
  clock.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_FALSE(answers[0].ok());
  EXPECT_EQ(answers[0].error, dns::ExtendedError::OTHER);
  EXPECT_EQ(forwarder.in_flight(), 100U);
  EXPECT_EQ(forwarder.counters().shed, 1U);
  network.answer(network.next(), good("n0.example."));
  EXPECT_EQ(answers.size(), 1U) << "the answer to the one that was shed finds nobody";
  network.answer(network.next(), good("n1.example."));
  EXPECT_EQ(answers.size(), 2U);
}

TEST_F(ForwarderTest, QueriesInFlightOutliveTheirServers) {
  use({"192.0.2.1"});
  ask("web.example.");
  const auto asked = network.next();
  use({"192.0.2.2"});
  clock.advance(1ms);
  network.answer(asked, good("web.example."));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_TRUE(answers[0].ok());
  clock.settle();
  ask("web.example.");
  expect_asked("192.0.2.2:53 udp web.example. A");
}

TEST_F(ForwarderTest, ServersThatStayKeepTheirMeasurements) {
  use({"192.0.2.1"});
  measure("web.example.", 20ms);
  use({"192.0.2.2", "192.0.2.1"});
  EXPECT_FALSE(forwarder.servers()[0]->health.measured());
  EXPECT_TRUE(forwarder.servers()[1]->health.measured());
}

TEST_F(ForwarderTest, MayBeAskedAgainByWhoHears) {
  use({"192.0.2.1"});
  int rounds = 0;
  const std::function<void()> again = [&] {
    forwarder.ask(support::upstream_query("web.example.").question, false, false,
                  [&](const UpstreamQuery&, const Answer&) {
                    if (++rounds < 200) again();
                  });
  };
  again();
  for (int i = 0; i < 200; ++i) network.answer(network.next(), good("web.example."));
  EXPECT_EQ(rounds, 200);
}

TEST_F(ForwarderTest, CountsWhatHappened) {
  use({"192.0.2.1", "192.0.2.2"});
  ask("web.example.");
  clock.advance(kFirstTry);
  network.next();
  network.answer(network.next(), bad("web.example.", dns::Rcode::REFUSED));
  network.refuse(network.next());
  const auto& counters = forwarder.counters();
  EXPECT_EQ(counters.queries, 1U);
  EXPECT_EQ(counters.tries, 3U);
  EXPECT_EQ(counters.timeouts, 1U);
  EXPECT_EQ(counters.bad_answers, 1U);
  EXPECT_EQ(counters.unreachable, 1U);
  EXPECT_EQ(counters.failed, 1U);
}

TEST(Forwarder, SaysNothingOnceDestroyed) {
  support::FakeClock clock;
  support::FakeNetwork network(clock);
  int heard = 0;
  {
    Forwarder forwarder(network, clock, 1);
    Upstreams upstreams;
    upstreams.servers = {server("192.0.2.1")};
    ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
    forwarder.ask(support::upstream_query("web.example.").question, false, false,
                  [&](const UpstreamQuery&, const Answer&) { ++heard; });
  }
  clock.advance(10s);
  EXPECT_EQ(heard, 0);
  EXPECT_FALSE(clock.next());
}

}  // namespace
}  // namespace upstream
