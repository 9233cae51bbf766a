#include "upstream/round_trips.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

using namespace std::chrono_literals;

TEST(RoundTrips, SayNothingBeforeEnoughWasMeasured) {
  RoundTrips trips;
  for (int i = 0; i < 39; ++i) trips.add(1ms);
  EXPECT_FALSE(trips.late());
  trips.add(1ms);
  EXPECT_TRUE(trips.late());
}

TEST(RoundTrips, TellTheTimeWithinWhich95Of100Came) {
  for (const auto usual : {RoundTrips::Duration(0us), RoundTrips::Duration(70us),
                           RoundTrips::Duration(3ms), RoundTrips::Duration(250ms)}) {
    RoundTrips trips;
    for (int i = 0; i < 500; ++i) trips.add(i % 100 < 96 ? usual : usual * 8 + 1ms);
    EXPECT_GT(*trips.late(), usual);
    EXPECT_LE(*trips.late(), usual * 5 / 4 + 20us) << "rounded up by a quarter at most";
  }
  RoundTrips trips;
  for (int i = 0; i < 500; ++i) trips.add(i % 100 < 94 ? 1ms : 80ms);
  EXPECT_GT(*trips.late(), 80ms);
  EXPECT_LE(*trips.late(), 100ms);
}

TEST(RoundTrips, TimesBeyondTheScaleCountAsItsEnds) {
  RoundTrips trips;
  for (int i = 0; i < 50; ++i) trips.add(1h);
  EXPECT_GT(*trips.late(), 4s);
  trips = {};
  for (int i = 0; i < 50; ++i) trips.add(-1us);
  EXPECT_LE(*trips.late(), 20us);
}

TEST(RoundTrips, FollowAServerThatChanges) {
  RoundTrips trips;
  for (int i = 0; i < 100'000; ++i) trips.add(100ms);
  for (int i = 0; i < 6000; ++i) trips.add(1ms);
  EXPECT_LT(*trips.late(), 2ms);
}

}  // namespace
}  // namespace upstream
