#include "upstream/loop_prober.h"

#include <gtest/gtest.h>

#include "tests/support/fake_network.h"
#include "tests/support/records.h"
#include "upstream/forwarder.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;

conf::Upstream server(const char* address) {
  return {conf::Upstream::Transport::udp, dns::SocketAddress::from_text(address, 53).value(), {}};
}

class LoopProberTest : public testing::Test {
 protected:
  static void use(Forwarder& forwarder, std::initializer_list<const char*> addresses) {
    Upstreams upstreams;
    for (const char* address : addresses) upstreams.servers.push_back(server(address));
    upstreams.policy = conf::Forward::Policy::sequential;
    ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  }
  support::Asked expect_probe(const char* address) {
    auto asked = network.next();
    EXPECT_EQ(asked.server, server(address).address);
    EXPECT_NE(asked.to_text().find(".signpost-loop.test. TXT"), std::string::npos);
    return asked;
  }
  /// It arrives at our own listener, which answers.
  void come_round(const support::Asked& probe) {
    const std::string question = support::question_of(probe.message);
    watch.arrived(dns::Name::from_text(question.substr(0, question.find(' '))).value().view());
    answer(probe);
  }
  void answer(const support::Asked& probe) {
    network.answer(probe, support::message(support::question_of(probe.message),
                                           {.rcode = dns::Rcode::NXDOMAIN}));
  }
  void ask(Forwarder& forwarder) {
    forwarder.ask({dns::Name::from_text("web.example.").value()}, false, false,
                  [](const UpstreamQuery&, const Answer&) {});
  }

  support::FakeClock clock;
  support::FakeNetwork network{clock};
  LoopWatch watch{dns::SipKey{1}};
  Forwarder forwarder{network, clock, 1};
};

TEST_F(LoopProberTest, ProbesEachServerAtStartOnChangeAndEveryMinute) {
  forwarder.watch_loops(watch, true);
  use(forwarder, {"192.0.2.1", "192.0.2.2"});
  answer(expect_probe("192.0.2.1"));
  answer(expect_probe("192.0.2.2"));
  use(forwarder, {"192.0.2.3"});
  answer(expect_probe("192.0.2.3"));
  clock.advance(kLoopProbeEvery - 1ms);
  EXPECT_FALSE(network.anybody_asked());
  clock.advance(1ms);
  expect_probe("192.0.2.3");
  EXPECT_FALSE(network.anybody_asked());
}

TEST_F(LoopProberTest, WhatLoopsIsSetAsideForAllForwarders) {
  Forwarder second{network, clock, 1};
  forwarder.watch_loops(watch, true);
  second.watch_loops(watch, false);
  use(forwarder, {"192.0.2.1", "192.0.2.2"});
  use(second, {"192.0.2.1", "192.0.2.2"});
  come_round(expect_probe("192.0.2.1"));
  answer(expect_probe("192.0.2.2"));
  EXPECT_FALSE(network.anybody_asked()) << "one probes for all";
  for (Forwarder* each : {&forwarder, &second}) {
    ask(*each);
    const auto asked = network.next();
    EXPECT_EQ(asked.to_text(), "192.0.2.2:53 udp web.example. A");
    answer(asked);
  }
  clock.advance(kLoopProbeEvery);
  answer(expect_probe("192.0.2.1"));
  answer(expect_probe("192.0.2.2"));
  for (Forwarder* each : {&forwarder, &second}) {
    ask(*each);
    EXPECT_EQ(network.next().to_text(), "192.0.2.1:53 udp web.example. A");
  }
}

TEST_F(LoopProberTest, ALoopWhoseProbeIsNotAnsweredIsFoundAsWell) {
  forwarder.watch_loops(watch, true);
  use(forwarder, {"192.0.2.1"});
  const auto probe = expect_probe("192.0.2.1");
  const std::string question = support::question_of(probe.message);
  watch.arrived(dns::Name::from_text(question.substr(0, question.find(' '))).value().view());
  clock.advance(5s);
  EXPECT_TRUE(watch.is_looping("192.0.2.1"));
  EXPECT_TRUE(forwarder.is_down(dns::Name::from_text("web.example.").value().view()));
}

TEST_F(LoopProberTest, SilenceDoesNotBringALoopBack) {
  forwarder.watch_loops(watch, true);
  use(forwarder, {"192.0.2.1"});
  come_round(expect_probe("192.0.2.1"));
  clock.advance(kLoopProbeEvery);
  expect_probe("192.0.2.1");
  clock.advance(5s);
  EXPECT_TRUE(watch.is_looping("192.0.2.1"));
}

TEST_F(LoopProberTest, AServerThatIsSetAsideStaysSoOverAReload) {
  forwarder.watch_loops(watch, true);
  use(forwarder, {"192.0.2.1"});
  come_round(expect_probe("192.0.2.1"));
  use(forwarder, {"192.0.2.1", "192.0.2.2"});
  network.forget_asked();
  ask(forwarder);
  EXPECT_EQ(network.next().server, server("192.0.2.2").address);
}

TEST(LoopProber, SaysNothingOnceDestroyed) {
  support::FakeClock clock;
  support::FakeNetwork network(clock);
  LoopWatch watch(dns::SipKey{1});
  {
    Forwarder forwarder(network, clock, 1);
    forwarder.watch_loops(watch, true);
    Upstreams upstreams;
    upstreams.servers = {server("192.0.2.1")};
    ASSERT_TRUE(forwarder.set_upstreams(upstreams).ok());
  }
  clock.advance(200s);
  EXPECT_FALSE(clock.next());
}

}  // namespace
}  // namespace upstream
