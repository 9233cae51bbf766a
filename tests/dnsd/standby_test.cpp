#include "dnsd/standby.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/fake_clock.h"

namespace signpost {
namespace {

class StandbyTest : public testing::Test {
 protected:
  support::FakeClock clock;
  std::vector<std::string> done;
  Standby standby{clock,
                  {[this] { done.emplace_back("read"); }, [this] { done.emplace_back("show"); },
                   [this] { done.emplace_back("hide"); }, [this] { done.emplace_back("let go"); }}};
};

using Actions = std::vector<std::string>;

TEST_F(StandbyTest, IsReadWhenThePrimaryIsAwayFor5S) {
  standby.primary_away();
  clock.advance(dns::Milliseconds(4999));
  EXPECT_EQ(done, Actions{});
  clock.advance(dns::Milliseconds(1));
  EXPECT_EQ(done, Actions{"read"});
}

TEST_F(StandbyTest, IsNotReadForAMoment) {
  standby.primary_away();
  clock.advance(dns::Seconds(4));
  standby.primary_well();
  standby.primary_away();
  clock.advance(dns::Seconds(4));
  standby.primary_well();
  clock.advance(dns::Seconds(60));
  EXPECT_EQ(done, Actions{});
}

TEST_F(StandbyTest, TheTimeCountsFromTheFirstFailure) {
  standby.primary_away();
  clock.advance(dns::Seconds(4));
  standby.primary_away();
  clock.advance(dns::Seconds(1));
  EXPECT_EQ(done, Actions{"read"});
}

TEST_F(StandbyTest, IsShownOnceItHasLoaded) {
  standby.primary_away();
  clock.advance(dns::Seconds(5));
  standby.loaded();
  standby.loaded();
  standby.primary_away();
  clock.advance(dns::Seconds(60));
  EXPECT_EQ(done, (Actions{"read", "show"}));
}

TEST_F(StandbyTest, LetsGoWhenThePrimaryIsBack) {
  standby.primary_away();
  clock.advance(dns::Seconds(5));
  standby.loaded();
  standby.primary_well();
  standby.primary_well();
  EXPECT_EQ(done, (Actions{"read", "show", "hide"})) << "not in the middle of the primary's reply";
  standby.loaded();
  clock.settle();
  EXPECT_EQ(done, (Actions{"read", "show", "hide", "let go"}));
  standby.primary_away();
  clock.advance(dns::Seconds(5));
  EXPECT_EQ(done.back(), "read");
}

TEST_F(StandbyTest, GoesOnAfterAReload) {
  standby.resume();
  standby.primary_away();
  standby.loaded();
  clock.advance(dns::Seconds(60));
  EXPECT_EQ(done, (Actions{"show", "read"}));
  standby.primary_well();
  clock.settle();
  EXPECT_EQ(done.back(), "let go");
}

TEST_F(StandbyTest, IsReadOnceAfterAReloadThoughThePrimaryBeganBefore) {
  standby.primary_away();
  standby.resume();
  clock.advance(dns::Seconds(60));
  EXPECT_EQ(done, (Actions{"show", "read"}));
}

TEST_F(StandbyTest, APrimaryWithNothingToShowNeitherBeginsNorEndsIt) {
  standby.primary_away();
  standby.primary_reached();
  clock.advance(dns::Seconds(60));
  EXPECT_EQ(done, Actions{});
  standby.primary_away();
  clock.advance(dns::Seconds(5));
  standby.loaded();
  standby.primary_reached();
  clock.advance(dns::Seconds(60));
  EXPECT_EQ(done, (Actions{"read", "show"}));
}

TEST_F(StandbyTest, LetsGoBeforeItHasLoaded) {
  standby.primary_away();
  clock.advance(dns::Seconds(5));
  standby.primary_well();
  clock.settle();
  EXPECT_EQ(done, (Actions{"read", "hide", "let go"}));
}

}  // namespace
}  // namespace signpost
