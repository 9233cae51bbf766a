#include "upstream/distinct_instances.h"

#include <gtest/gtest.h>

#include <string>

namespace {

cache::Instance instance(std::string id, std::string host, std::uint16_t port,
                         std::string version = "") {
  cache::Instance made;
  made.id = std::move(id);
  made.host = std::move(host);
  made.port = port;
  made.version = std::move(version);
  return made;
}

std::vector<std::string> ids(std::vector<cache::Instance> instances) {
  upstream::make_distinct(instances);
  std::vector<std::string> out;
  out.reserve(instances.size());
  for (const auto& one : instances) out.push_back(one.id);
  return out;
}

using Ids = std::vector<std::string>;

TEST(DistinctInstances, TheSameHostPortAndVersionIsOneAsFirstDescribed) {
  EXPECT_EQ(ids({instance("a", "h", 80), instance("b", "H", 80)}), Ids{"a"});
  EXPECT_EQ(ids({instance("a", "2001:db8::1", 80), instance("b", "2001:DB8:0::1", 80)}), Ids{"a"});
  EXPECT_EQ(ids({instance("a", "10.0.1.7", 80), instance("b", "::ffff:10.0.1.7", 80)}), Ids{"a"});
  EXPECT_EQ(ids({instance("a", "h", 80), instance("b", "h", 81), instance("c", "h", 80, "1.0")}),
            (Ids{"a", "b", "c"}));
}

TEST(DistinctInstances, WithoutAHostTheIdDecides) {
  EXPECT_EQ(ids({instance("a", "", 0), instance("b", "", 0), instance("a", "", 0)}),
            (Ids{"a", "b"}));
}

TEST(DistinctInstances, AMissingIdIsMadeFromHostAndPort) {
  EXPECT_EQ(ids({instance("", "10.0.1.7", 8081)}), Ids{"10.0.1.7:8081"});
  EXPECT_EQ(ids({instance("", "2001:db8::1", 8081)}), Ids{"[2001:db8::1]:8081"});
  EXPECT_EQ(ids({instance("", "10.0.1.7", 0)}), Ids{"10.0.1.7"});
}

TEST(DistinctInstances, AnIdThatIsTakenGetsANumber) {
  EXPECT_EQ(ids({instance("a", "h", 1), instance("A", "h", 2), instance("a", "h", 3)}),
            (Ids{"a", "A-2", "a-3"}));
  EXPECT_EQ(ids({instance("a-2", "h", 1), instance("a", "h", 2), instance("a", "h", 3)}),
            (Ids{"a-2", "a", "a-3"}));
}

TEST(DistinctInstances, ManyOfOneIdAreNamedApartInReasonableTime) {
  std::vector<cache::Instance> many;
  many.reserve(100'000);
  for (int i = 0; i < 100'000; ++i) many.push_back(instance("a", "h" + std::to_string(i), 80));
  EXPECT_EQ(ids(std::move(many)).back(), "a-100000");
}

}  // namespace
