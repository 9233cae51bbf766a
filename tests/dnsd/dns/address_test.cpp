#include "dnsd/dns/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <set>

namespace dns {
namespace {

IpAddress ip(std::string_view text) {
  return IpAddress::from_text(text).value();
}
SocketAddress place(std::string_view text) {
  return SocketAddress::from_text(text, 53).value();
}
Prefix prefix(std::string_view text) {
  return Prefix::from_text(text).value();
}

TEST(IpAddress, IsItsTextForm) {
  EXPECT_EQ(ip("10.0.0.1").to_text(), "10.0.0.1");
  EXPECT_EQ(ip("2001:DB8:0:0::1").to_text(), "2001:db8::1");
  EXPECT_EQ(ip("::").to_text(), "::");
  EXPECT_EQ(IpAddress().to_text(), "0.0.0.0");
}

TEST(IpAddress, RefusesOtherText) {
  for (const char* text : {"", " ", "10.0.0", "10.0.0.256", "10.0.0.1 ", "10.0.0.1:53", "[::1]",
                           "fe80::1%eth0", "web", "1:2:3", ":::", "0x0a.0.0.1", "10.0.0.1/8"})
    EXPECT_FALSE(IpAddress::from_text(text).ok()) << '"' << text << '"';
  EXPECT_FALSE(IpAddress::from_text(std::string(300, '1')).ok());
  EXPECT_FALSE(IpAddress::from_text(std::string_view("10.0.0.1\0", 9)).ok());
}

TEST(IpAddress, NamesTheTextThatItRefuses) {
  EXPECT_NE(IpAddress::from_text("10.0.0.256").error().message.find("10.0.0.256"),
            std::string::npos);
}

TEST(IpAddress, HasItsBytesInNetworkOrder) {
  const IpAddress four = ip("10.1.2.3");
  EXPECT_TRUE(four.is_v4());
  EXPECT_EQ(std::vector<std::uint8_t>(four.data(), four.data() + four.size()),
            (std::vector<std::uint8_t>{10, 1, 2, 3}));
  const IpAddress six = ip("2001:db8::7");
  EXPECT_FALSE(six.is_v4());
  EXPECT_EQ(six.size(), 16U);
  EXPECT_EQ(six.data()[0], 0x20);
  EXPECT_EQ(six.data()[15], 7);
  EXPECT_EQ(IpAddress::v4(0x0a010203), four);
  EXPECT_EQ(IpAddress::v4({10, 1, 2, 3}), four);
}

TEST(IpAddress, IsTheIPv4AddressThatItMaps) {
  EXPECT_EQ(ip("::ffff:10.0.0.1"), ip("10.0.0.1"));
  EXPECT_EQ(ip("::ffff:a00:1"), ip("10.0.0.1"));
  EXPECT_TRUE(ip("::ffff:10.0.0.1").is_v4());
  EXPECT_EQ(IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}), ip("10.0.0.1"));
  EXPECT_FALSE(ip("::10.0.0.1").is_v4()) << "compatible is not mapped";
  EXPECT_FALSE(ip("64:ff9b::10.0.0.1").is_v4());
}

TEST(IpAddress, TellsFamiliesApart) {
  EXPECT_NE(ip("0.0.0.0"), ip("::"));
  EXPECT_NE(ip("10.0.0.1"), ip("a00:1::"));
  EXPECT_EQ(std::set<IpAddress>({ip("10.0.0.1"), ip("a00:1::"), ip("::ffff:10.0.0.1")}).size(), 2U);
}

TEST(IpAddress, KnowsWildcardAndLoopback) {
  EXPECT_TRUE(ip("0.0.0.0").is_wildcard());
  EXPECT_TRUE(ip("::").is_wildcard());
  EXPECT_FALSE(ip("::1").is_wildcard());
  EXPECT_TRUE(ip("127.0.0.1").is_loopback());
  EXPECT_TRUE(ip("127.9.9.9").is_loopback());
  EXPECT_TRUE(ip("::1").is_loopback());
  EXPECT_TRUE(ip("::ffff:127.0.0.1").is_loopback());
  EXPECT_FALSE(ip("128.0.0.1").is_loopback());
  EXPECT_FALSE(ip("7f00::1").is_loopback());
  EXPECT_FALSE(ip("::2").is_loopback());
}

TEST(SocketAddress, ReadsAllFourSpellings) {
  EXPECT_EQ(place("10.0.0.2"), (SocketAddress{ip("10.0.0.2"), 53}));
  EXPECT_EQ(place("10.0.0.2:5353"), (SocketAddress{ip("10.0.0.2"), 5353}));
  EXPECT_EQ(place("2001:db8::1"), (SocketAddress{ip("2001:db8::1"), 53}));
  EXPECT_EQ(place("[2001:db8::1]:5353"), (SocketAddress{ip("2001:db8::1"), 5353}));
  EXPECT_EQ(place("[::1]"), (SocketAddress{ip("::1"), 53}));
}

TEST(SocketAddress, RefusesOtherText) {
  for (const char* text :
       {"", ":53", "10.0.0.2:", "10.0.0.2:65536", "10.0.0.2:-1", "10.0.0.2:5x", "[::1", "[::1]53",
        "[::1]:", "::1]:53", "web:53", "[10.0.0.2:53", "10.0.0.2: 53", "10.0.0.2:+53", "[]:53"})
    EXPECT_FALSE(SocketAddress::from_text(text, 53).ok()) << '"' << text << '"';
}

TEST(SocketAddress, IsItsTextForm) {
  EXPECT_EQ(place("10.0.0.2").to_text(), "10.0.0.2:53");
  EXPECT_EQ(place("2001:db8::1").to_text(), "[2001:db8::1]:53");
}

TEST(SocketAddress, ComesBackFromTheKernelsForm) {
  for (const char* text : {"10.0.0.2:5353", "[2001:db8::1]:53", "0.0.0.0:0"}) {
    sockaddr_storage storage{};
    const unsigned length = place(text).to_sockaddr(storage);
    EXPECT_EQ(SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&storage)),
              place(text));
    EXPECT_EQ(length, place(text).ip.is_v4() ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
  }
}

TEST(SocketAddress, SeesTheClientBehindADualStackSocket) {
  sockaddr_in6 from{};
  from.sin6_family = AF_INET6;
  from.sin6_port = htons(4242);
  const std::uint8_t mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
  std::copy(std::begin(mapped), std::end(mapped), from.sin6_addr.s6_addr);
  EXPECT_EQ(SocketAddress::from_sockaddr(reinterpret_cast<const sockaddr*>(&from)).to_text(),
            "10.0.0.1:4242");
}

TEST(Prefix, ContainsWhatSharesItsBits) {
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(ip("10.255.255.255")));
  EXPECT_FALSE(prefix("10.0.0.0/8").contains(ip("11.0.0.0")));
  EXPECT_TRUE(prefix("172.16.0.0/12").contains(ip("172.31.255.255")));
  EXPECT_FALSE(prefix("172.16.0.0/12").contains(ip("172.32.0.0")));
  EXPECT_FALSE(prefix("172.16.0.0/12").contains(ip("172.15.255.255")));
  EXPECT_TRUE(prefix("10.0.0.4/31").contains(ip("10.0.0.5")));
  EXPECT_FALSE(prefix("10.0.0.4/31").contains(ip("10.0.0.6")));
  EXPECT_TRUE(prefix("fe80::/10").contains(ip("febf::1")));
  EXPECT_FALSE(prefix("fe80::/10").contains(ip("fec0::1")));
  EXPECT_TRUE(prefix("0.0.0.0/0").contains(ip("255.255.255.255")));
}

TEST(Prefix, HoldsOneFamilyOnly) {
  EXPECT_FALSE(prefix("0.0.0.0/0").contains(ip("::1")));
  EXPECT_FALSE(prefix("::/0").contains(ip("10.0.0.1")));
  EXPECT_TRUE(prefix("10.0.0.0/8").contains(ip("::ffff:10.0.0.1"))) << "a mapped one is IPv4";
}

TEST(Prefix, OfAnAddressAloneIsThatAddress) {
  EXPECT_EQ(prefix("10.0.0.1").bits, 32);
  EXPECT_EQ(prefix("2001:db8::1").bits, 128);
  EXPECT_TRUE(prefix("10.0.0.1").contains(ip("10.0.0.1")));
  EXPECT_FALSE(prefix("10.0.0.1").contains(ip("10.0.0.0")));
}

TEST(Prefix, RefusesOtherText) {
  for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1",
                           "10.0.0.0/8x", "10.0.0.0/ 8", "10.0.0.0/8/8", "10.0.0/8", "web/8"})
    EXPECT_FALSE(Prefix::from_text(text).ok()) << '"' << text << '"';
}

TEST(Prefix, IsItsTextForm) {
  EXPECT_EQ(prefix("10.0.0.0/8").to_text(), "10.0.0.0/8");
  EXPECT_EQ(prefix("2001:db8::/32").to_text(), "2001:db8::/32");
  EXPECT_EQ(prefix(prefix("10.0.0.1").to_text()), prefix("10.0.0.1"));
}

}  // namespace
}  // namespace dns
