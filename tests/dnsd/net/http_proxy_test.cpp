#include "dnsd/net/http_proxy.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace net {
namespace {

std::string proxy_past(const std::string& exceptions, const std::string& host) {
  return proxy_for({"p", "", "", exceptions}, "http", host);
}

TEST(HttpProxy, EachSchemeHasItsOwn) {
  const ProxySettings settings{"plain", "secure", "other", ""};
  EXPECT_EQ(proxy_for(settings, "http", "a.example"), "plain");
  EXPECT_EQ(proxy_for(settings, "https", "a.example"), "secure");
}

TEST(HttpProxy, TheOneForAllStandsInForTheOthers) {
  EXPECT_EQ(proxy_for({"", "", "other", ""}, "https", "a.example"), "other");
  EXPECT_EQ(proxy_for({}, "https", "a.example"), "");
}

TEST(HttpProxy, AnExceptionIsANameAndAllBelowIt) {
  EXPECT_EQ(proxy_past("corp.example", "corp.example"), "");
  EXPECT_EQ(proxy_past("corp.example", "a.corp.example"), "");
  EXPECT_EQ(proxy_past(".corp.example", "A.Corp.example"), "");
  EXPECT_EQ(proxy_past("corp.example", "notcorp.example"), "p");
  EXPECT_EQ(proxy_past("corp.example", "example"), "p");
}

TEST(HttpProxy, AnExceptionMayBeAnAddressOrAPrefix) {
  EXPECT_EQ(proxy_past("10.0.0.0/8", "10.1.2.3"), "");
  EXPECT_EQ(proxy_past("10.1.2.3", "10.1.2.3"), "");
  EXPECT_EQ(proxy_past("10.0.0.0/8", "11.1.2.3"), "p");
  EXPECT_EQ(proxy_past("2001:db8::/32", "2001:db8::1"), "");
}

TEST(HttpProxy, ExceptionsAreDividedByCommasOrSpaces) {
  EXPECT_EQ(proxy_past("a.example, b.example c.example", "b.example"), "");
  EXPECT_EQ(proxy_past("a.example, b.example c.example", "c.example"), "");
  EXPECT_EQ(proxy_past(" , ,", "c.example"), "p");
  EXPECT_EQ(proxy_past("*", "c.example"), "");
}

TEST(HttpProxy, ReadsTheVariablesThatOthersRead) {
  // NOLINTBEGIN(concurrency-mt-unsafe)
  setenv("http_proxy", "one", 1);
  setenv("HTTP_PROXY", "from a stranger's header", 1);
  setenv("HTTPS_PROXY", "two", 1);
  setenv("no_proxy", "small", 1);
  setenv("NO_PROXY", "capitals", 1);
  const ProxySettings settings = ProxySettings::from_environment();
  unsetenv("http_proxy");
  EXPECT_EQ(ProxySettings::from_environment().http, "");
  for (const char* name : {"HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}) unsetenv(name);
  // NOLINTEND(concurrency-mt-unsafe)
  EXPECT_EQ(settings.http, "one");
  EXPECT_EQ(settings.https, "two");
  EXPECT_EQ(settings.exceptions, "small");
}

}  // namespace
}  // namespace net
