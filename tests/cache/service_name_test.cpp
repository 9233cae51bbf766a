#include "cache/service_name.h"

#include <gtest/gtest.h>

namespace cache {
namespace {

dns::Name name(std::string_view text) {
  return dns::Name::from_text(text).value();
}
dns::IpAddress ip(std::string_view text) {
  return dns::IpAddress::from_text(text).value();
}
const dns::Name kZone = name("servicediscovery.internal");

std::string under(std::string_view text) {
  const auto made = name_under(text, kZone);
  return made ? made->to_text() : "nothing";
}

std::string target(std::string_view address) {
  const auto made = address_target(ip(address), kZone);
  return made ? made->to_text() : "nothing";
}

std::string reverse(std::string_view text) {
  const auto address = address_from_reverse(name(text).view());
  return address ? address->to_text() : "nothing";
}

std::string label_of(std::string_view id) {
  std::array<char, dns::kMaxLabel + 1> room;
  return std::string(instance_label(id, room));
}

TEST(CanonicalService, IsTheNameWithoutUnderscores) {
  EXPECT_EQ(canonical_service("time"), "time");
  EXPECT_EQ(canonical_service("_time._tcp"), "time");
  EXPECT_EQ(canonical_service("_time._udp"), "time");
  EXPECT_EQ(canonical_service("_api.web._udp"), "api.web");
}

TEST(CanonicalService, IsLowerCase) {
  EXPECT_EQ(canonical_service("Time"), "time");
  EXPECT_EQ(canonical_service("_TIME._Tcp"), "time");
}

TEST(NameUnder, IsTheNameBelowTheZone) {
  EXPECT_EQ(under("time"), "time.servicediscovery.internal.");
  EXPECT_EQ(under("_time._tcp"), "_time._tcp.servicediscovery.internal.");
  EXPECT_EQ(under("api.Web"), "api.web.servicediscovery.internal.");
}

TEST(NameUnder, IsNothingForWhatIsNoName) {
  EXPECT_EQ(under("a..b"), "nothing");
  EXPECT_EQ(under(std::string(64, 'a')), "nothing");
  std::string longest = std::string(63, 'a') + "." + std::string(63, 'a') + ".";
  EXPECT_EQ(under(longest + std::string(63, 'a') + "." + std::string(40, 'a')), "nothing");
}

TEST(AddressTarget, SpellsTheAddressInOneLabel) {
  EXPECT_EQ(target("10.0.1.7"), "ip-10-0-1-7.addr.servicediscovery.internal.");
  EXPECT_EQ(target("2001:db8::1"), "ip-2001-db8--1.addr.servicediscovery.internal.");
  EXPECT_EQ(target("::ffff:10.0.1.7"), "ip-10-0-1-7.addr.servicediscovery.internal.");
}

TEST(AddressTarget, ComesBackAsTheAddress) {
  for (const char* text : {"10.0.1.7", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::1",
                           "::", "2001:db8::", "1:2:3:4:5:6:7:8", "fe80::1:0:0:1", "::10.0.0.1",
                           "64:ff9b::10.0.0.1"}) {
    const auto made = address_target(ip(text), kZone);
    ASSERT_TRUE(made) << text;
    EXPECT_EQ(dns::label_count(made->view()), 4U) << text << ": " << made->to_text();
    EXPECT_EQ(address_from_label(dns::first_label(made->view())), ip(text)) << made->to_text();
  }
}

TEST(AddressTarget, IsNothingWhereTheZonesNameLeavesNoRoom) {
  std::string labels;
  for (int i = 0; i < 3; ++i) labels += std::string(63, 'a') + ".";
  const dns::Name tall = name(labels + std::string(50, 'a'));
  EXPECT_FALSE(address_target(ip("2001:db8::1"), tall));
}

TEST(AddressFromLabel, IsNothingForOtherLabels) {
  for (const char* label : {"", "ip", "ip-", "web", "ip-10-0-1", "ip-10-0-1-256", "ip-10-0-1-7-",
                            "10-0-1-7", "ip-10.0.1.7", "ip-2001-db8-1", "ip-2001--db8--1",
                            "ip-10-0-1-7x", "ip-g--1", "ip-2001:db8::1"})
    EXPECT_EQ(address_from_label(label), std::nullopt) << label;
}

TEST(AddressFromReverse, ReadsIPv4AndIPv6) {
  EXPECT_EQ(reverse("7.1.0.10.in-addr.arpa"), "10.0.1.7");
  EXPECT_EQ(reverse("7.1.0.10.IN-ADDR.ARPA"), "10.0.1.7");
  EXPECT_EQ(reverse("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"),
            "2001:db8::1");
}

TEST(AddressFromReverse, IsNothingForOtherNames) {
  for (const char* text :
       {".", "arpa", "in-addr.arpa", "1.0.10.in-addr.arpa", "1.7.1.0.10.in-addr.arpa",
        "256.1.0.10.in-addr.arpa", "x.1.0.10.in-addr.arpa", "7.1.0.10.example",
        "07.1.0.10.in-addr.arpa", "7.1.0.10.in-addr.arpa.example", "8.b.d.0.1.0.0.2.ip6.arpa",
        "g.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        "10.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        "7.1.0.10.ip6.arpa"})
    EXPECT_EQ(reverse(text), "nothing") << text;
}

TEST(InstanceLabel, IsTheIdInLowerCase) {
  EXPECT_EQ(label_of("Time-1"), "time-1");
  EXPECT_EQ(label_of("10.0.1.7:8081"), "10.0.1.7:8081");
}

TEST(InstanceLabel, CutsLongIdsAndTellsThemApart) {
  const std::string most(63, 'a');
  EXPECT_EQ(label_of(most), most);
  const std::string one = label_of(std::string(80, 'a') + "1");
  const std::string other = label_of(std::string(80, 'a') + "2");
  EXPECT_LE(one.size(), 63U);
  EXPECT_LE(other.size(), 63U);
  EXPECT_NE(one, other);
  EXPECT_EQ(one, label_of(std::string(80, 'a') + "1")) << "the same id, the same label";
}

}  // namespace
}  // namespace cache
