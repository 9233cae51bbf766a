#include "upstream/kept_hosts.h"

#include <gtest/gtest.h>

#include <optional>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_host_resolver.h"

namespace upstream {
namespace {

using Hosts = std::set<std::string>;

dns::IpAddress ip(const char* text) {
  return dns::IpAddress::from_text(text).value();
}

class KeptHostsTest : public ::testing::Test {
 protected:
  support::FakeClock clock;
  support::FakeHostResolver resolver;
  int changes = 0;
  std::optional<KeptHosts> hosts;

  KeptHostsTest() {
    hosts.emplace(resolver, clock, [this] { ++changes; });
  }
};

TEST_F(KeptHostsTest, KnowsTheAddressesSorted) {
  resolver.addresses["a"] = {ip("10.0.0.2"), ip("10.0.0.1")};
  hosts->want({"a"});
  EXPECT_EQ(hosts->addresses().at("a"), (std::vector{ip("10.0.0.1"), ip("10.0.0.2")}));
  EXPECT_TRUE(hosts->all_tried());
  EXPECT_EQ(changes, 1);
}

TEST_F(KeptHostsTest, LooksThemUpAgainAndSaysOnlyWhatIsNew) {
  resolver.addresses["a"] = {ip("10.0.0.1"), ip("10.0.0.2")};
  hosts->want({"a"});
  resolver.addresses["a"] = {ip("10.0.0.2"), ip("10.0.0.1")};
  clock.advance(kHostsRefresh);
  EXPECT_EQ(resolver.asked.size(), 2U);
  EXPECT_EQ(changes, 1) << "another order is no news";
  resolver.addresses["a"] = {ip("10.0.0.3")};
  clock.advance(kHostsRefresh);
  EXPECT_EQ(changes, 2);
}

TEST_F(KeptHostsTest, ABusyZoneDoesNotPutTheNextLookUpOff) {
  resolver.addresses["a"] = {ip("10.0.0.1")};
  hosts->want({"a"});
  for (int i = 0; i < 3; ++i) {
    clock.advance(kHostsRefresh / 3);
    hosts->want({"a"});
  }
  EXPECT_EQ(resolver.asked.size(), 2U);
}

TEST_F(KeptHostsTest, KeepsTheOldAddressesOnFailure) {
  resolver.addresses["a"] = {ip("10.0.0.1")};
  hosts->want({"a"});
  resolver.addresses.clear();
  clock.advance(kHostsRefresh);
  EXPECT_EQ(hosts->addresses().at("a"), std::vector{ip("10.0.0.1")});
  EXPECT_EQ(changes, 1);
}

TEST_F(KeptHostsTest, OneThatFailsAtFirstIsTriedToo) {
  hosts->want({"a"});
  EXPECT_TRUE(hosts->all_tried());
  EXPECT_FALSE(hosts->addresses().contains("a"));
  EXPECT_EQ(changes, 1) << "whoever waits for all to be tried hears of it";
}

TEST_F(KeptHostsTest, AsksForAFewAtOnce) {
  resolver.hold = true;
  Hosts many;
  for (int i = 0; i < 100; ++i) many.insert("h" + std::to_string(i));
  hosts->want(many);
  EXPECT_EQ(resolver.asked.size(), kHostsAtOnce);
  for (std::size_t i = 0; i < 100; ++i) resolver.held.at(i)(std::vector{ip("10.0.0.1")});
  EXPECT_EQ(resolver.asked.size(), 100U);
  EXPECT_TRUE(hosts->all_tried());
}

TEST_F(KeptHostsTest, ForgetsWhatIsNotWanted) {
  resolver.addresses["a"] = resolver.addresses["b"] = {ip("10.0.0.1")};
  hosts->want({"a"});
  hosts->want({"b"});
  EXPECT_FALSE(hosts->addresses().contains("a"));
  EXPECT_TRUE(hosts->addresses().contains("b"));
  hosts->want({});
  clock.advance(kHostsRefresh * 3);
  EXPECT_EQ(resolver.asked.size(), 2U);
}

TEST_F(KeptHostsTest, AnAnswerThatCameTooLateIsNone) {
  resolver.hold = true;
  hosts->want({"a"});
  hosts->want({});
  resolver.held.at(0)(std::vector{ip("10.0.0.1")});
  EXPECT_TRUE(hosts->addresses().empty());
  hosts->want({"b"});
  hosts.reset();
  resolver.held.at(1)(std::vector{ip("10.0.0.1")});
  clock.advance(kHostsRefresh * 3);
  EXPECT_EQ(resolver.asked.size(), 2U);
}

}  // namespace
}  // namespace upstream
