#include "dnsd/net/http_target.h"

#include <gtest/gtest.h>

namespace net {
namespace {

std::string hosts_of(const std::string& url, const ProxySettings& proxies = {}) {
  const auto target = read_http_target(url, proxies);
  if (!target.ok()) return target.error().message;
  std::string text;
  for (const auto& host : target.value().hosts)
    text += host.name + " " + std::to_string(host.port) + ";";
  return text;
}

TEST(HttpTarget, KnowsHostAndPort) {
  EXPECT_EQ(hosts_of("http://a.example/x"), "a.example 80;");
  EXPECT_EQ(hosts_of("https://A.Example/x"), "a.example 443;");
  EXPECT_EQ(hosts_of("https://a.example.:8443"), "a.example 8443;");
  EXPECT_EQ(hosts_of("http://[2001:db8::1]:81/"), "2001:db8::1 81;");
}

TEST(HttpTarget, KeepsThePasswordOutOfSentences) {
  const auto target = read_http_target("http://user:secret@a.example/x", {});
  EXPECT_EQ(target.value().shown, "http://a.example/x");
  EXPECT_EQ(target.value().url, "http://user:secret@a.example/x");
}

TEST(HttpTarget, ThroughAProxyOnlyItsNameIsLookedUp) {
  EXPECT_EQ(hosts_of("http://a.example/", {"http://p.example:3128", "", "", ""}),
            "p.example 3128;");
  EXPECT_EQ(hosts_of("http://a.example/", {"p.example", "", "", ""}), "p.example 1080;");
  EXPECT_EQ(hosts_of("https://a.example/", {"", "https://p.example", "", ""}), "p.example 443;");
  EXPECT_EQ(hosts_of("http://a.example/", {"socks5h://p.example", "", "", ""}), "p.example 1080;");
}

TEST(HttpTarget, APlainSocksProxyIsToldTheAddress) {
  EXPECT_EQ(hosts_of("http://a.example/", {"socks5://p.example:9", "", "", ""}),
            "a.example 80;p.example 9;");
}

TEST(HttpTarget, TellsAddressesFromNames) {
  EXPECT_TRUE((HttpHost{"10.0.0.1", 80}.is_address()));
  EXPECT_TRUE((HttpHost{"::1", 80}.is_address()));
  EXPECT_FALSE((HttpHost{"a.example", 80}.is_address()));
  EXPECT_TRUE((HttpHost{"localhost", 80}.is_localhost()));
  EXPECT_TRUE((HttpHost{"x.localhost", 80}.is_localhost()));
  EXPECT_FALSE((HttpHost{"notlocalhost", 80}.is_localhost()));
}

TEST(HttpTarget, SaysWhatIsWrongWithAUrl) {
  EXPECT_EQ(hosts_of("ftp://a.example/"), "expected a URL with http:// or https://, found ftp://");
  EXPECT_NE(hosts_of("http://a.example:99999/").find("is no URL"), std::string::npos);
  EXPECT_NE(hosts_of("http://b\xc3\xbc.example/").find("xn--"), std::string::npos);
}

}  // namespace
}  // namespace net
