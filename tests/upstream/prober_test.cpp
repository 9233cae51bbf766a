#include "upstream/prober.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;

/// Probes that a test ends.
class FakeProbes final : public ProbeAsker {
 public:
  ProbeId ask(const ProbeAim& aim, const conf::Probe&, Done done) override {
    asked.push_back(aim.host);
    waiting.emplace(++last_, std::pair{aim.host, std::move(done)});
    most = std::max(most, waiting.size());
    return last_;
  }
  void cancel(ProbeId id) override { waiting.erase(id); }

  /// Ends the oldest one that waits.
  void end(std::optional<cache::ProbeResult> result) {
    const Done done = waiting.begin()->second.second;
    waiting.erase(waiting.begin());
    done(std::move(result));
  }
  void end_all() {
    while (!waiting.empty()) end(cache::ProbeResult{true, ""});
  }

  std::vector<std::string> asked;
  std::map<ProbeId, std::pair<std::string, Done>> waiting;
  std::size_t most = 0;

 private:
  ProbeId last_ = 0;
};

class ProberTest : public testing::Test {
 protected:
  support::FakeClock clock;
  FakeProbes probes;
  conf::Probe how;  // every 10 s
  std::vector<std::string> seen;
  Prober prober{clock, probes, dns::Random(7),
                [this](const auto& service, const auto& instance, const auto& result) {
                  seen.push_back(service + " " + instance + (result.good ? " good" : " bad"));
                },
                Prober::Limits{4, 100}};

  static Prober::Aims aims(std::initializer_list<const char*> hosts) {
    Prober::Aims all;
    for (const char* host : hosts) all[host] = {host, 80};
    return all;
  }
  void watch(std::initializer_list<const char*> hosts,
             std::shared_ptr<const cache::AskedMark> mark = nullptr) {
    prober.watch("web", how, aims(hosts), std::move(mark));
    clock.settle();
  }
  std::size_t times(const std::string& host) const {
    return static_cast<std::size_t>(std::count(probes.asked.begin(), probes.asked.end(), host));
  }
};

TEST_F(ProberTest, ANewInstanceIsProbedAtOnceAndThenAtItsIntervalWithJitter) {
  watch({"a"});
  EXPECT_EQ(times("a"), 1U);
  probes.end_all();
  clock.advance(8'999ms);
  EXPECT_EQ(times("a"), 1U);
  clock.advance(2'002ms);
  EXPECT_EQ(times("a"), 2U);
}

TEST_F(ProberTest, JitterSpreadsThoseThatBeganTogether) {
  watch({"a", "b", "c", "d"});
  probes.end_all();
  std::set<dns::Time> starts;
  for (int i = 0; i < 2'200; ++i) {
    const std::size_t before = probes.asked.size();
    clock.advance(1ms);
    clock.advance(4ms);
    if (probes.asked.size() > before) starts.insert(clock.now());
  }
  EXPECT_EQ(probes.asked.size(), 8U);
  EXPECT_GT(starts.size(), 2U);
}

TEST_F(ProberTest, ThoseThatAreDueWithinTenMillisecondsStartInOneWakeUp) {
  how.interval = 100ms;
  watch({"a", "b", "c", "d"});
  std::set<dns::Time> starts;
  for (int i = 0; i < 5'000; ++i) {
    const std::size_t before = probes.asked.size();
    probes.end_all();
    clock.advance(1ms);
    if (probes.asked.size() > before) starts.insert(clock.now());
  }
  for (auto then = starts.begin(), next = std::next(then); next != starts.end(); ++then, ++next) {
    EXPECT_GT(*next - *then, 10ms);
  }
  EXPECT_GE(probes.asked.size(), 4U * 5'000 / 111);
  EXPECT_LE(probes.asked.size(), 4U * 5'000 / 80 + 4);
}

TEST_F(ProberTest, WhatItSeesIsToldWithServiceAndInstance) {
  watch({"a", "b"});
  probes.end(cache::ProbeResult{true, ""});
  probes.end(cache::ProbeResult{false, "connect: refused"});
  EXPECT_EQ(seen, (std::vector<std::string>{"web a good", "web b bad"}));
  EXPECT_EQ(prober.figures().good, 1U);
  EXPECT_EQ(prober.figures().bad, 1U);
}

TEST_F(ProberTest, WhatCouldNotBeTriedIsNoResultAndIsTriedAgain) {
  watch({"a"});
  probes.end(std::nullopt);
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(prober.figures().untried, 1U);
  clock.advance(11s);
  EXPECT_EQ(times("a"), 2U);
}

TEST_F(ProberTest, OneThatIsBeingProbedIsNotProbedTwice) {
  watch({"a"});
  clock.advance(60s);
  EXPECT_EQ(times("a"), 1U);
}

TEST_F(ProberTest, NeverMoreAtATimeThanTheLimit) {
  watch({"a", "b", "c", "d", "e", "f", "g"});
  EXPECT_EQ(probes.waiting.size(), 4U);
  for (int i = 0; i < 7; ++i) {
    if (!probes.waiting.empty()) probes.end(cache::ProbeResult{true, ""});
    clock.advance(1ms);
  }
  EXPECT_EQ(probes.asked.size(), 7U);
  EXPECT_EQ(probes.most, 4U);
}

TEST_F(ProberTest, NeverMoreInASecondThanTheLimit) {
  Prober::Aims many;
  for (int i = 0; i < 500; ++i) many["h" + std::to_string(i)] = {"h" + std::to_string(i), 80};
  prober.watch("web", how, many, nullptr);
  std::size_t before = 0;
  for (int second = 0; second < 5; ++second) {
    for (int i = 0; i < 1'000; ++i) {
      clock.advance(1ms);
      probes.end_all();
    }
    EXPECT_LE(probes.asked.size() - before, 110U);
    before = probes.asked.size();
  }
  EXPECT_GE(probes.asked.size(), 400U);
}

TEST_F(ProberTest, ThoseThatStayGoOnAndThoseThatWentAreForgotten) {
  watch({"a", "b"});
  probes.end_all();
  clock.advance(5s);
  watch({"b", "c"});
  EXPECT_EQ(times("b"), 1U) << "told again is not new";
  EXPECT_EQ(times("c"), 1U);
  probes.end_all();
  clock.advance(60s);
  EXPECT_EQ(times("a"), 1U);
  EXPECT_EQ(prober.figures().instances, 2U);
}

TEST_F(ProberTest, OneThatMovedIsNew) {
  watch({"a"});
  prober.watch("web", how, {{"a", {"elsewhere", 80}}}, nullptr);
  clock.settle();
  EXPECT_EQ(probes.waiting.size(), 1U) << "the old one was broken off";
  EXPECT_EQ(times("elsewhere"), 1U);
}

TEST_F(ProberTest, AForgottenServiceIsProbedNoMore) {
  watch({"a", "b"});
  prober.forget("web");
  EXPECT_TRUE(probes.waiting.empty());
  clock.advance(60s);
  EXPECT_EQ(probes.asked.size(), 2U);
  EXPECT_EQ(prober.figures().in_flight, 0U);
}

TEST_F(ProberTest, OnDemandItRestsUntilAClientAsks) {
  const auto mark = std::make_shared<cache::AskedMark>();
  watch({"a", "b"}, mark);
  clock.advance(60s);
  EXPECT_TRUE(probes.asked.empty());
  mark->set(clock.now());
  clock.advance(250ms);
  EXPECT_EQ(probes.asked.size(), 2U) << "the first time at once";
}

TEST_F(ProberTest, OnDemandItRestsAgainFiveMinutesAfterTheLastQuestion) {
  const auto mark = std::make_shared<cache::AskedMark>();
  mark->set(clock.now());
  watch({"a"}, mark);
  for (int i = 0; i < 330; ++i) {
    clock.advance(1s);
    probes.end_all();
  }
  const std::size_t by_then = times("a");
  EXPECT_GE(by_then, 27U);
  clock.advance(600s);
  EXPECT_EQ(times("a"), by_then);
  mark->set(clock.now());
  clock.advance(250ms);
  EXPECT_EQ(times("a"), by_then + 1);
}

TEST_F(ProberTest, AnInstanceThatJoinsARestingServiceRestsToo) {
  const auto mark = std::make_shared<cache::AskedMark>();
  watch({"a"}, mark);
  clock.advance(1s);
  watch({"a", "b"}, mark);
  clock.advance(60s);
  EXPECT_TRUE(probes.asked.empty());
  mark->set(clock.now());
  clock.advance(250ms);
  EXPECT_EQ(probes.asked.size(), 2U);
}

TEST_F(ProberTest, AServiceMayLoseItsLastInstanceAndHaveOneAgain) {
  const auto mark = std::make_shared<cache::AskedMark>();
  watch({"a"}, mark);
  clock.advance(1s);
  watch({}, mark);
  clock.advance(1s);
  watch({"a"}, mark);
  mark->set(clock.now());
  clock.advance(1s);
  EXPECT_EQ(times("a"), 1U);
}

TEST_F(ProberTest, ProbesThatAreNoLongerOnDemandRestNoMore) {
  watch({"a"}, std::make_shared<cache::AskedMark>());
  clock.advance(1s);
  watch({"a"}, nullptr);
  clock.advance(1s);
  EXPECT_EQ(times("a"), 1U);
}

}  // namespace
}  // namespace upstream
