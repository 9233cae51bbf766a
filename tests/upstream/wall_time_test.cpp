#include "upstream/wall_time.h"

#include <gtest/gtest.h>

#include "upstream/aws_clock.h"

namespace upstream {
namespace {

using namespace std::chrono;

const WallTime kThen = sys_days(2026y / 1 / 2) + 9h + 4min + 5s;

TEST(WallTime, ReadsWhatAwsWrites) {
  EXPECT_EQ(read_rfc3339("2026-01-02T09:04:05Z"), kThen);
  EXPECT_EQ(read_rfc3339("2026-01-02T09:04:05.123Z"), kThen);
  EXPECT_EQ(read_rfc3339("2026-01-02T10:34:05+01:30"), kThen);
  EXPECT_EQ(read_rfc3339("2026-01-02T09:04:05.000-00:00"), kThen);
  EXPECT_EQ(to_text(kThen), "2026-01-02T09:04:05Z");
}

TEST(WallTime, HasYearsThatNanosecondsCannotCount) {
  for (const char* text : {"1013-01-02T09:04:05Z", "9999-12-31T23:59:59Z"}) {
    const auto read = read_rfc3339(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(to_text(*read), text);
  }
}

TEST(WallTime, TakesNothingElse) {
  for (const char* text : {"", "2026-01-02", "2026-01-02T09:04:05", "2026-01-02T09:04:05Zz",
                           "2026-13-02T09:04:05Z", "soon", "1767344645"}) {
    EXPECT_FALSE(read_rfc3339(text)) << text;
  }
}

TEST(WallTime, ReadsADateHeader) {
  EXPECT_EQ(read_http_date("Fri, 02 Jan 2026 09:04:05 GMT"), kThen);
  EXPECT_FALSE(read_http_date("Fri, 02 Jan 2026 09:04:05 CET"));
  EXPECT_FALSE(read_http_date(""));
}

TEST(AwsClock, GoesByADateThatIsMinutesAway) {
  AwsClock clock([] { return kThen; });
  EXPECT_FALSE(clock.correct("Fri, 02 Jan 2026 09:08:05 GMT"));
  EXPECT_FALSE(clock.correct("nonsense"));
  EXPECT_EQ(clock.now(), kThen);
  EXPECT_TRUE(clock.correct("Fri, 02 Jan 2026 08:04:05 GMT"));
  EXPECT_EQ(clock.now(), kThen - 1h);
  EXPECT_EQ(clock.ahead(), -1h);
  EXPECT_FALSE(clock.correct("Fri, 02 Jan 2026 08:05:00 GMT")) << "it is right now";
}

}  // namespace
}  // namespace upstream
