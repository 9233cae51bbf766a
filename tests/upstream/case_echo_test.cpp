#include "upstream/case_echo.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

using namespace std::chrono_literals;

TEST(CaseEcho, IsGivenUpAfterThreeMissesInARow) {
  CaseEcho echo;
  const dns::Time now{1000s};
  EXPECT_TRUE(echo.mixes(now));
  EXPECT_FALSE(echo.missed(now));
  EXPECT_FALSE(echo.missed(now));
  echo.echoed();
  EXPECT_FALSE(echo.missed(now));
  EXPECT_FALSE(echo.missed(now));
  EXPECT_TRUE(echo.missed(now));
  EXPECT_FALSE(echo.mixes(now));
  EXPECT_TRUE(echo.missed(now)) << "of queries that were under way";
}

TEST(CaseEcho, IsTriedAgainAfterAWhileAndGivenUpAtOnce) {
  CaseEcho echo;
  dns::Time now{1000s};
  for (int i = 0; i < 3; ++i) echo.missed(now);
  now += kCaseProbeAfter - 1s;
  EXPECT_FALSE(echo.mixes(now));
  now += 1s;
  EXPECT_TRUE(echo.mixes(now));
  EXPECT_TRUE(echo.missed(now));
  EXPECT_FALSE(echo.mixes(now));
  now += kCaseProbeAfter;
  echo.echoed();
  EXPECT_FALSE(echo.missed(now)) << "a server that has learned to echo has three again";
}

}  // namespace
}  // namespace upstream
