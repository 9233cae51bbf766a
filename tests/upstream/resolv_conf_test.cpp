#include "upstream/resolv_conf.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

std::vector<std::string> servers_of(std::string_view text,
                                    const std::vector<dns::SocketAddress>& own = {}) {
  std::vector<std::string> out;
  for (const auto& server : read_resolv_conf(text, own).servers) out.push_back(server.to_text());
  return out;
}

dns::SocketAddress at(const char* text) {
  return dns::SocketAddress::from_text(text, 53).value();
}

using Texts = std::vector<std::string>;

TEST(ResolvConf, TakesAllNameserversInOrderEachOnce) {
  EXPECT_EQ(servers_of("nameserver 192.0.2.1\nnameserver\t2001:db8::1\n"
                       "nameserver 192.0.2.2 # second\nnameserver 192.0.2.1\nnameserver 192.0.2.4"),
            (Texts{"192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.2:53", "192.0.2.4:53"}));
}

TEST(ResolvConf, LooksAtNoOtherLine) {
  EXPECT_EQ(servers_of("# nameserver 192.0.2.9\n; nameserver 192.0.2.8\nsearch example\n\n"
                       "options ndots:5\r\nnameservers 192.0.2.7\n  nameserver 192.0.2.1\r\n"),
            (Texts{"192.0.2.1:53"}));
}

TEST(ResolvConf, LeavesOutScopedAndBrokenAddressesWithAWarning) {
  const auto read = read_resolv_conf(
      "search example\nnameserver fe80::1%eth0\nnameserver here\nnameserver\nnameserver 192.0.2.1",
      {});
  EXPECT_EQ(read.servers.size(), 1U);
  ASSERT_EQ(read.warnings.size(), 3U);
  EXPECT_EQ(read.warnings[0],
            "line 2: expected an address, found 'fe80::1%eth0': addresses with a scope are not "
            "supported, the line is left out");
  EXPECT_EQ(read.warnings[1].substr(0, 8), "line 3: ");
}

TEST(ResolvConf, LeavesOutOurOwnAddresses) {
  const std::string text = "nameserver 127.0.0.1\nnameserver 10.0.0.5\nnameserver 192.0.2.1\n";
  EXPECT_EQ(servers_of(text, {at("127.0.0.1"), at("10.0.0.5")}), (Texts{"192.0.2.1:53"}));
  EXPECT_EQ(servers_of(text, {at("0.0.0.0")}), (Texts{"10.0.0.5:53", "192.0.2.1:53"}));
  EXPECT_EQ(servers_of(text, {at("127.0.0.1:5300")}).size(), 3U) << "another port is not ours";
}

TEST(ResolvConf, OfNothingIsEmpty) {
  EXPECT_TRUE(servers_of("").empty());
}

}  // namespace
}  // namespace upstream
