#include "upstream/aws_places.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

TEST(AwsPlaces, KnowsTheCountryOfARegion) {
  EXPECT_EQ(place_of_region("eu-west-1").country, "IE");
  EXPECT_EQ(place_of_region("us-gov-west-1").country, "US");
  EXPECT_EQ(place_of_region("ap-southeast-2").continent, "OC");
  EXPECT_EQ(place_of_region("ap-southeast-3").continent, "AS");
}

TEST(AwsPlaces, ANewRegionHasItsNeighboursContinent) {
  EXPECT_EQ(place_of_region("eu-east-9").country, "");
  EXPECT_EQ(place_of_region("eu-east-9").continent, "EU");
  EXPECT_EQ(place_of_region("mars-north-1").continent, "");
  EXPECT_EQ(place_of_region("").continent, "");
}

}  // namespace
}  // namespace upstream
