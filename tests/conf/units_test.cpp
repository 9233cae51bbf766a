#include "conf/units.h"

#include <gtest/gtest.h>

namespace conf {
namespace {

std::int64_t ms(const char* text) {
  const auto duration = duration_from_text(text);
  return duration.ok() ? duration.value().count() : -1;
}

TEST(Durations, AreANumberAndAUnit) {
  EXPECT_EQ(ms("500ms"), 500);
  EXPECT_EQ(ms("1.8s"), 1'800);
  EXPECT_EQ(ms("10s"), 10'000);
  EXPECT_EQ(ms("5m"), 300'000);
  EXPECT_EQ(ms("2h"), 7'200'000);
  EXPECT_EQ(ms("1d"), 86'400'000);
  EXPECT_EQ(ms("0"), 0);
  EXPECT_EQ(ms("off"), 0);
}

TEST(Durations, AreNothingElse) {
  for (const char* text : {"", "10", "s", "-1s", "1.8", "1..8s", ".s", "10 s", "1h30m", "1e3s",
                           "99999999999999d", "1S", "inf", "nans", "0x10s"}) {
    EXPECT_EQ(ms(text), -1) << text;
  }
}

TEST(Durations, AreShownInTheLargestUnitThatFits) {
  EXPECT_EQ(to_text(Milliseconds{1'800}), "1800ms");
  EXPECT_EQ(to_text(Milliseconds{10'000}), "10s");
  EXPECT_EQ(to_text(Milliseconds{86'400'000}), "1d");
  EXPECT_EQ(to_text(Milliseconds{0}), "0s");
}

TEST(Sizes, AreBytesOrHaveAUnit) {
  EXPECT_EQ(size_from_text("123").value(), 123U);
  EXPECT_EQ(size_from_text("64KiB").value(), 65'536U);
  EXPECT_EQ(size_from_text("32MiB").value(), 33'554'432U);
  EXPECT_EQ(size_from_text("1GiB").value(), 1'073'741'824U);
  for (const char* text : {"", "MiB", "1MB", "1.5MiB", "-1", "999999999999GiB", "1 MiB"}) {
    EXPECT_FALSE(size_from_text(text).ok()) << text;
  }
}

TEST(Upstreams, HaveTransportAddressAndName) {
  EXPECT_EQ(upstream_from_text("10.0.0.2").value().address.to_text(), "10.0.0.2:53");
  EXPECT_EQ(upstream_from_text("tcp://[2001:db8::1]:5353").value().address.to_text(),
            "[2001:db8::1]:5353");
  const auto tls = upstream_from_text("tls://1.1.1.1#cloudflare-dns.com").value();
  EXPECT_EQ(tls.transport, Upstream::Transport::tls);
  EXPECT_EQ(tls.address.to_text(), "1.1.1.1:853");
  EXPECT_EQ(tls.tls_name, "cloudflare-dns.com");
  EXPECT_EQ(upstream_from_text("tls://1.1.1.1:8853#x").value().address.port, 8853);
}

TEST(Upstreams, AreNothingElse) {
  for (const char* text :
       {"", "dns.example", "10.0.0.2:0", "0.0.0.0", "::", "udp://10.0.0.2", "https://1.1.1.1",
        "10.0.0.2#name", "tls://1.1.1.1#", "tls://1.1.1.1#a..b", "tcp://", "10.0.0.2:70000"}) {
    EXPECT_FALSE(upstream_from_text(text).ok()) << text;
  }
}

TEST(Services, SplitAtTheFirstSlash) {
  EXPECT_EQ(service_from_text("helloworld/1.0").value(),
            std::pair(std::string("helloworld"), std::string("1.0")));
  EXPECT_EQ(service_from_text("time").value().second, "");
  EXPECT_FALSE(service_from_text("").ok());
  EXPECT_FALSE(service_from_text("/1.0").ok());
  EXPECT_FALSE(service_from_text("time/").ok());
}

}  // namespace
}  // namespace conf
