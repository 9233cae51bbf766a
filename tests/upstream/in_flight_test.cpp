#include "upstream/in_flight.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/support/fake_clock.h"
#include "upstream/deadlines.h"

namespace upstream {
namespace {

using namespace std::chrono_literals;

TEST(InFlight, FindsWhatWasAddedUntilItLands) {
  InFlight<std::unique_ptr<int>> flights;
  const auto id = flights.add(std::make_unique<int>(7));
  ASSERT_NE(flights.find(id), nullptr);
  EXPECT_EQ(**flights.find(id), 7);
  EXPECT_EQ(**flights.take(id), 7);
  EXPECT_EQ(flights.find(id), nullptr);
  EXPECT_FALSE(flights.take(id));
}

TEST(InFlight, NeverUsesAnIdAgain) {
  InFlight<int> flights;
  const auto first = flights.add(1);
  flights.take(first);
  const auto second = flights.add(2);
  EXPECT_NE(first, second);
  EXPECT_EQ(flights.find(first), nullptr) << "a late callback finds nothing";
  EXPECT_EQ(*flights.find(second), 2);
}

TEST(InFlight, KnowsTheOldest) {
  InFlight<int> flights;
  const auto one = flights.add(1);
  const auto two = flights.add(2);
  const auto three = flights.add(3);
  EXPECT_EQ(flights.oldest(), one);
  flights.take(two);
  flights.take(one);
  EXPECT_EQ(flights.oldest(), three);
  const auto four = flights.add(4);
  EXPECT_EQ(flights.ids(), (std::vector<FlightId>{three, four}));
  flights.take(three);
  flights.take(four);
  EXPECT_EQ(flights.size(), 0U);
}

class DeadlinesTest : public testing::Test {
 protected:
  support::FakeClock clock;
  InFlight<int> flights;
  std::vector<FlightId> due;
  Deadlines deadlines{clock, [this](FlightId id) { return flights.find(id) != nullptr; },
                      [this](FlightId id) { due.push_back(id); }};
};

TEST_F(DeadlinesTest, ComeDueInOrder) {
  const auto late = flights.add(1);
  const auto early = flights.add(2);
  deadlines.add(clock.now() + 50ms, late);
  deadlines.add(clock.now() + 20ms, early);
  clock.advance(19ms);
  EXPECT_TRUE(due.empty());
  clock.advance(1ms);
  EXPECT_EQ(due, std::vector{early});
  clock.advance(100ms);
  EXPECT_EQ(due, (std::vector{early, late}));
}

TEST_F(DeadlinesTest, OfWhatHasLandedNothingIsHeard) {
  const auto id = flights.add(1);
  deadlines.add(clock.now() + 50ms, id);
  flights.take(id);
  clock.advance(100ms);
  EXPECT_TRUE(due.empty());
}

TEST_F(DeadlinesTest, OneThatHasPassedComesLaterAllTheSame) {
  const auto id = flights.add(1);
  deadlines.add(clock.now() - 1s, id);
  EXPECT_TRUE(due.empty());
  clock.settle();
  EXPECT_EQ(due, std::vector{id});
}

TEST_F(DeadlinesTest, ManyShortFlightsLeaveOneTimer) {
  for (int i = 0; i < 100'000; ++i) {
    const auto id = flights.add(i);
    deadlines.add(clock.now() + 4500ms, id);
    flights.take(id);
  }
  clock.advance(4500ms);
  EXPECT_TRUE(due.empty());
  EXPECT_FALSE(clock.next()) << "no timer is left when nothing is in flight";
}

}  // namespace
}  // namespace upstream
