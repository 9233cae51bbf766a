#include "dnsd/control/long_polls.h"

#include <gtest/gtest.h>

#include <optional>

#include "tests/support/fake_clock.h"

namespace signpost {
namespace {

using dns::Milliseconds;

/// A clock on which each look takes time.
struct SlowClock final : net::Timers {
  support::FakeClock clock;
  Milliseconds spent{0};

  dns::Time now() const override { return clock.now(); }
  dns::Time exact_now() const override { return clock.now() + spent; }
  net::TimerId after(Milliseconds delay, std::function<void()> fire) override {
    return clock.after(delay, std::move(fire));
  }
  void cancel(net::TimerId id) override { clock.cancel(id); }
};

class LongPollsTest : public testing::Test {
 protected:
  SlowClock clock;
  std::optional<int> status;  // what there is to say
  Milliseconds look_takes{0};
  int looks = 0;
  std::vector<std::string> heard;
  LongPolls polls{clock,
                  [this](const net::HttpQuestion&) -> std::optional<net::HttpAnswer> {
                    ++looks;
                    clock.spent += look_takes;
                    if (!status) return std::nullopt;
                    return net::HttpAnswer{*status, "", "", {}};
                  },
                  [](const net::HttpQuestion&) {
                    return net::HttpAnswer{304, "", "", {}};
                  }};

  void wait(const std::string& who, Milliseconds time) {
    net::HttpAnswerer answerer([this, who](const net::HttpAnswer& answer) {
      heard.push_back(who + " " + std::to_string(answer.status));
    });
    polls.add({{"GET", who, {}, {}, "", {}}, std::move(answerer)}, time);
  }
};

TEST_F(LongPollsTest, AnswersWhenTheTimeIsUp) {
  wait("a", Milliseconds(2000));
  wait("b", Milliseconds(1000));
  clock.clock.advance(Milliseconds(1000));
  EXPECT_EQ(heard, std::vector<std::string>{"b 304"});
  clock.clock.advance(Milliseconds(1000));
  EXPECT_EQ(heard, (std::vector<std::string>{"b 304", "a 304"}));
  EXPECT_EQ(polls.waiting(), 0U);
}

TEST_F(LongPollsTest, AnswersAllWhenThereIsSomethingToSay) {
  wait("a", Milliseconds(2000));
  wait("b", Milliseconds(2000));
  status = 200;
  polls.changed();
  EXPECT_TRUE(heard.empty()) << "it answered from within the change";
  clock.clock.settle();
  EXPECT_EQ(heard, (std::vector<std::string>{"a 200", "b 200"}));
  clock.clock.advance(Milliseconds(5000));
  EXPECT_EQ(heard.size(), 2U);
}

TEST_F(LongPollsTest, AChangeThatChangesNothingForThemLetsThemWait) {
  wait("a", Milliseconds(2000));
  polls.changed();
  clock.clock.settle();
  EXPECT_EQ(looks, 1);
  clock.clock.advance(Milliseconds(2000));
  EXPECT_EQ(heard, std::vector<std::string>{"a 304"});
}

TEST_F(LongPollsTest, ACostlyLookIsNotTakenAgainAtOnce) {
  look_takes = Milliseconds(100);
  wait("a", Milliseconds(60'000));
  polls.changed();
  clock.clock.settle();
  for (int i = 0; i < 499; ++i) {
    polls.changed();
    clock.clock.advance(Milliseconds(1));
  }
  EXPECT_EQ(looks, 1);
  clock.clock.advance(Milliseconds(1));
  EXPECT_EQ(looks, 2);
}

TEST_F(LongPollsTest, LooksAtNothingWhileNobodyWaits) {
  polls.changed();
  clock.clock.settle();
  EXPECT_EQ(looks, 0);
}

}  // namespace
}  // namespace signpost
