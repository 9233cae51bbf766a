#include "upstream/request_budget.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_clock.h"

namespace upstream {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RequestBudgetTest : public ::testing::Test {
 protected:
  support::FakeClock clock;
  RequestBudget budget{clock, dns::Random(1)};
  unsigned sent = 0;

  void ask(unsigned times) {
    while (times-- > 0) budget.take([this] { ++sent; });
  }
};

TEST_F(RequestBudgetTest, TheFirstGoesAtOnceButNeverBeforeTakeReturns) {
  ask(1);
  EXPECT_EQ(sent, 0U);
  clock.settle();
  EXPECT_EQ(sent, 1U);
}

TEST_F(RequestBudgetTest, ABurstIsFourASecond) {
  ask(10);
  clock.advance(milliseconds(999));
  EXPECT_EQ(sent, 4U);
  clock.advance(seconds(2));
  EXPECT_EQ(sent, 10U);
}

TEST_F(RequestBudgetTest, AZoneOf34PagesIsReadInNineSeconds) {
  ask(35);
  clock.advance(seconds(9));
  EXPECT_EQ(sent, 35U);
}

TEST_F(RequestBudgetTest, AfterTheBurstOneASecondGoes) {
  ask(1000);
  clock.advance(seconds(60));
  const unsigned after_a_minute = sent;
  EXPECT_GE(after_a_minute, 98U);
  EXPECT_LE(after_a_minute, 101U) << "40 at once, and 60 for the minute";
  clock.advance(seconds(100));
  EXPECT_EQ(sent, after_a_minute + 100);
}

TEST_F(RequestBudgetTest, TheBucketDoesNotOverflow) {
  clock.advance(seconds(10'000));
  ask(1000);
  clock.advance(seconds(60));
  EXPECT_LE(sent, 101U);
}

TEST_F(RequestBudgetTest, FirstComeFirstServed) {
  std::string order;
  for (const char c : {'a', 'b', 'c'}) budget.take([&order, c] { order += c; });
  clock.advance(seconds(1));
  EXPECT_EQ(order, "abc");
}

TEST_F(RequestBudgetTest, AForgottenTicketIsNotServed) {
  const auto ticket = budget.take([this] { sent += 100; });
  ask(1);
  budget.cancel(ticket);
  clock.advance(seconds(1));
  EXPECT_EQ(sent, 1U);
}

TEST_F(RequestBudgetTest, AfterARefusalEverybodyRests) {
  ask(1);
  clock.settle();
  budget.throttled();
  ask(1);
  clock.advance(milliseconds(999));
  EXPECT_EQ(sent, 1U);
  clock.advance(milliseconds(300));
  EXPECT_EQ(sent, 2U);
}

TEST_F(RequestBudgetTest, RefusalsInARowRestLonger) {
  for (const int least : {1, 2, 4, 8, 16, 30, 30}) {
    budget.throttled();
    ask(1);
    const unsigned before = sent;
    clock.advance(seconds(least) - milliseconds(1));
    EXPECT_EQ(sent, before) << least << " s";
    clock.advance(milliseconds(least * 200 + 1));
    EXPECT_EQ(sent, before + 1) << least << " s and a fifth more";
  }
  budget.succeeded();
  budget.throttled();
  ask(1);
  const unsigned before = sent;
  clock.advance(milliseconds(1'201));
  EXPECT_EQ(sent, before + 1);
}

TEST_F(RequestBudgetTest, AReloadIsNoNewSecond) {
  ask(40);
  clock.advance(seconds(10));
  budget.throttled();
  RequestBudget next(clock, dns::Random(2));
  next.adopt(budget);
  unsigned later = 0;
  for (int i = 0; i < 40; ++i) next.take([&later] { ++later; });
  clock.advance(milliseconds(900));
  EXPECT_EQ(later, 0U) << "the rest goes on";
  clock.advance(seconds(5));
  EXPECT_LE(later, 16U) << "and no more than was saved since: 10 in 10 s, and 6";
}

}  // namespace
}  // namespace upstream
