#include "upstream/endpoint.h"

#include <gtest/gtest.h>

namespace {

using upstream::Endpoint;
using upstream::endpoint_from_instance_id;
using upstream::endpoint_from_url;
using upstream::is_host;

TEST(Endpoint, AUrlSaysHostAndPort) {
  EXPECT_EQ(endpoint_from_url("https://abc123.execute-api.us-east-1.amazonaws.com/dev"),
            (Endpoint{"abc123.execute-api.us-east-1.amazonaws.com", 443}));
  EXPECT_EQ(endpoint_from_url("http://10.0.1.7:8081/"), (Endpoint{"10.0.1.7", 8081}));
  EXPECT_EQ(endpoint_from_url("HTTP://Host.Example"), (Endpoint{"Host.Example", 80}));
  EXPECT_EQ(endpoint_from_url("http://[2001:db8::1]:81/x"), (Endpoint{"2001:db8::1", 81}));
  EXPECT_EQ(endpoint_from_url("https://[2001:db8::1]"), (Endpoint{"2001:db8::1", 443}));
  EXPECT_EQ(endpoint_from_url("https://me:secret@a.example:444?q=@b"),
            (Endpoint{"a.example", 444}));
  EXPECT_EQ(endpoint_from_url("http://a.example.:/"), (Endpoint{"a.example", 80}));
  EXPECT_EQ(endpoint_from_url("grpc://a.example"), (Endpoint{"a.example", 0}));
  EXPECT_EQ(endpoint_from_url("tcp://a.example:9000"), (Endpoint{"a.example", 9000}));
}

TEST(Endpoint, WhatIsNoUrlSaysNoPlace) {
  for (const char* text : {"",
                           "notarealurl1",
                           "://a",
                           "http://",
                           "http:///x",
                           "http://a:0/",
                           "http://a:65536/",
                           "http://a:x/",
                           "http://[::1/",
                           "http://[10.0.0.1]/",
                           "http://[::1]x/",
                           "http://::1/",
                           "http://a b/",
                           "http://a..b/",
                           "http://10.0.0.256/",
                           "http://%61/",
                           "1http://a/",
                           "http://[fe80::1%25eth0]/",
                           "http:/a",
                           "a.example:80"}) {
    EXPECT_EQ(endpoint_from_url(text), std::nullopt) << text;
  }
}

TEST(Endpoint, AnInstanceIdMaySayAPlace) {
  EXPECT_EQ(endpoint_from_instance_id("10.0.0.1:80"), (Endpoint{"10.0.0.1", 80}));
  EXPECT_EQ(endpoint_from_instance_id("web-1:80"), (Endpoint{"web-1", 80}));
  EXPECT_EQ(endpoint_from_instance_id("[::1]:80"), (Endpoint{"::1", 80}));
  EXPECT_EQ(endpoint_from_instance_id("https://a.example/x"), (Endpoint{"a.example", 443}));
}

TEST(Endpoint, AnyOtherInstanceIdSaysNone) {
  for (const char* id : {"", "bar", "i-0123456789", "10.0.0.1", "a:b", "::1", "[::1]", "a:80:90",
                         "a:0", ":80", "urn:x://y"}) {
    EXPECT_EQ(endpoint_from_instance_id(id), std::nullopt) << id;
  }
}

TEST(Endpoint, HostsAreAddressesOrNames) {
  EXPECT_TRUE(is_host("ip-10-5-10-74.us-west-2.compute.internal"));
  EXPECT_TRUE(is_host("_x._tcp.example"));
  EXPECT_TRUE(is_host("::ffff:10.0.0.1"));
  EXPECT_TRUE(is_host(std::string(63, 'a') + ".b"));
  EXPECT_FALSE(is_host(std::string(64, 'a') + ".b"));
  EXPECT_FALSE(is_host("10.0.1"));
  EXPECT_FALSE(is_host("a."));
  EXPECT_FALSE(is_host(std::string_view("a\0b", 3)));
  std::string longest = std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                        std::string(63, 'c') + "." + std::string(61, 'd');
  EXPECT_TRUE(is_host(longest));
  EXPECT_FALSE(is_host(longest + "d"));
}

TEST(Endpoint, ReadsBackWhatItWrites) {
  for (const Endpoint& endpoint : {Endpoint{"10.0.0.1", 80}, Endpoint{"2001:db8::1", 443}}) {
    EXPECT_EQ(endpoint_from_instance_id(to_text(endpoint)), endpoint);
  }
}

}  // namespace
