#include "upstream/etcd_watch_stream.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

constexpr std::string_view kCreated =
    R"({"result":{"header":{"cluster_id":"16","member_id":"17","revision":"4","raft_term":"2"},"created":true}})"
    "\n";
constexpr std::string_view kTwoEvents =
    R"({"result":{"header":{"cluster_id":"16","revision":"6"},"events":[)"
    R"({"kv":{"key":"d2Vi","create_revision":"5","mod_revision":"5","version":"1","value":"e30="}},)"
    R"({"type":"DELETE","kv":{"key":"ZGI=","mod_revision":"6"}}]}})"
    "\n";

EtcdWatchMessage message(std::string_view line) {
  auto read = read_etcd_watch_message(line);
  EXPECT_TRUE(read.ok()) << read.error().message;
  return read.ok() ? std::move(read).value() : EtcdWatchMessage();
}

TEST(EtcdWatchStream, ReadsThatTheWatchStands) {
  const EtcdWatchMessage read = message(kCreated);
  EXPECT_TRUE(read.created);
  EXPECT_FALSE(read.canceled);
  EXPECT_EQ(read.header.cluster, "16");
  EXPECT_EQ(read.header.revision, 4);
  EXPECT_TRUE(read.events.empty());
}

TEST(EtcdWatchStream, ReadsEvents) {
  const EtcdWatchMessage read = message(kTwoEvents);
  ASSERT_EQ(read.events.size(), 2U);
  EXPECT_FALSE(read.events[0].gone);
  EXPECT_EQ(read.events[0].pair.key, "web");
  EXPECT_EQ(read.events[0].pair.value, "{}");
  EXPECT_EQ(read.events[0].pair.revision, 5);
  EXPECT_TRUE(read.events[1].gone);
  EXPECT_EQ(read.events[1].pair.key, "db");
  EXPECT_EQ(read.events[1].pair.revision, 6);
}

TEST(EtcdWatchStream, ReadsWhyTheWatchIsOver) {
  const EtcdWatchMessage compacted = message(
      R"({"result":{"header":{"cluster_id":"16"},"canceled":true,"compact_revision":"4"}})");
  EXPECT_TRUE(compacted.canceled);
  EXPECT_EQ(compacted.compacted, 4);
  const EtcdWatchMessage denied = message(
      R"({"result":{"watch_id":"-1","created":true,"canceled":true,"cancel_reason":"etcdserver: permission denied"}})");
  EXPECT_TRUE(denied.canceled);
  EXPECT_EQ(denied.reason, "etcdserver: permission denied");
  EXPECT_TRUE(message(R"({"result":{"fragment":true}})").is_fragment);
}

TEST(EtcdWatchStream, WhatIsNoMessageIsSaidSo) {
  EXPECT_EQ(
      read_etcd_watch_message(R"({"error":{"grpc_code":14,"message":"etcdserver: no leader"}})")
          .error()
          .message,
      "etcdserver: no leader");
  for (const char* line :
       {"", "{}", "[]", "7", "{\"result\":", R"({"result":7})",
        R"({"result":{"header":{"revision":"x"}}})",
        R"({"result":{"events":[{"kv":{"key":"?"}}]}})", R"({"result":{"events":[7]}})"}) {
    EXPECT_FALSE(read_etcd_watch_message(line).ok()) << line;
  }
}

TEST(EtcdWatchStream, HandsOnEachMessageHoweverTheBytesArrive) {
  const std::string all = std::string(kCreated) + std::string(kTwoEvents) + std::string(kCreated);
  for (std::size_t size = 1; size <= all.size(); ++size) {
    EtcdWatchStream stream;
    std::string seen;
    for (std::size_t at = 0; at < all.size(); at += size) {
      stream.take(std::string_view(all).substr(at, size));
      while (stream.has_message()) {
        const auto read = stream.next();
        ASSERT_TRUE(read.ok()) << read.error().message;
        seen += read.value().created ? 'c' : 'e';
      }
    }
    EXPECT_EQ(seen, "cec") << "in parts of " << size;
  }
}

TEST(EtcdWatchStream, AMessageWithoutEndIsGivenUp) {
  EtcdWatchStream stream;
  stream.take(kCreated);
  EXPECT_TRUE(stream.next().ok());
  stream.take(std::string(kMaxWatchMessage, ' '));
  EXPECT_FALSE(stream.has_message());
  stream.take(" ");
  ASSERT_TRUE(stream.has_message());
  EXPECT_FALSE(stream.next().ok());
}

}  // namespace
}  // namespace upstream
