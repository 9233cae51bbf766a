#include "upstream/etcd_reply.h"

#include <gtest/gtest.h>

#include <vector>

namespace upstream {
namespace {

struct Read {
  dns::Result<EtcdPage> page;
  std::vector<EtcdPair> pairs;
};

Read read(std::string_view body) {
  std::vector<EtcdPair> pairs;
  auto page = read_etcd_page(body, [&](EtcdPair pair) { pairs.push_back(std::move(pair)); });
  return {std::move(page), std::move(pairs)};
}

constexpr std::string_view kTwoKeys =
    R"({"header":{"cluster_id":"16669793395648480238","member_id":"17","revision":"9007199254740993","raft_term":"2"},)"
    R"("kvs":[{"key":"L3NreWRucy93ZWIveDE=","create_revision":"2","mod_revision":"3","version":"1","value":"e30="},)"
    R"({"key":"L3NreWRucy93ZWIveDI=","mod_revision":"4","version":"2"}],"more":true,"count":"5"})";

TEST(EtcdReply, TellsEachKeyOfAPage) {
  const Read got = read(kTwoKeys);
  ASSERT_TRUE(got.page.ok()) << got.page.error().message;
  EXPECT_EQ(got.page.value().header.cluster, "16669793395648480238");
  EXPECT_EQ(got.page.value().header.revision, 9007199254740993) << "a double would round it";
  EXPECT_TRUE(got.page.value().more);
  EXPECT_EQ(got.page.value().last_key, "/skydns/web/x2");
  ASSERT_EQ(got.pairs.size(), 2U);
  EXPECT_EQ(got.pairs[0].key, "/skydns/web/x1");
  EXPECT_EQ(got.pairs[0].value, "{}");
  EXPECT_EQ(got.pairs[0].revision, 3);
  EXPECT_EQ(got.pairs[1].value, "");
}

TEST(EtcdReply, NoKeysAtAllIsAPage) {
  const Read got = read(R"({"header":{"cluster_id":"1","revision":"1"}})");
  ASSERT_TRUE(got.page.ok());
  EXPECT_FALSE(got.page.value().more);
  EXPECT_EQ(got.page.value().last_key, "");
}

TEST(EtcdReply, HalfAPageIsNone) {
  for (std::size_t size = 0; size < kTwoKeys.size(); ++size) {
    EXPECT_FALSE(read(kTwoKeys.substr(0, size)).page.ok()) << size;
  }
}

TEST(EtcdReply, WhatIsNoPageIsSaidSo) {
  for (const char* body : {"", "{}", "[]", "7", "<html>", R"({"header":{"revision":"x"}})",
                           R"({"header":"7"})", R"({"header":{"revision":"0"}})",
                           R"({"header":{"revision":"2"},"kvs":[{"key":"not base64"}]})",
                           R"({"header":{"revision":"2"},"kvs":[{"mod_revision":"1x"}]})",
                           R"({"header":{"revision":"2"},"more":true})"}) {
    const Read got = read(body);
    ASSERT_FALSE(got.page.ok()) << body;
    EXPECT_TRUE(got.page.error().message.starts_with("expected etcd's"))
        << got.page.error().message;
  }
}

TEST(EtcdReply, FindsTheToken) {
  EXPECT_EQ(read_etcd_token(R"({"header":{"token":"no"},"token":"NGAx.17"})").value(), "NGAx.17");
  const auto none = read_etcd_token(R"({"secret":"abc"})");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message.find("abc"), std::string::npos) << "a secret may be in there";
}

TEST(EtcdReply, GivesEtcdsOwnReason) {
  EXPECT_EQ(
      etcd_reason(
          R"({"error":"etcdserver: permission denied","message":"etcdserver: permission denied","code":7})"),
      "etcdserver: permission denied");
  EXPECT_EQ(etcd_reason(R"({"error":{"grpc_code":14,"message":"etcdserver: no leader"}})"),
            "etcdserver: no leader");
  EXPECT_EQ(etcd_reason("<html>"), "'<html>'");
  EXPECT_EQ(etcd_reason(""), "an empty body");
}

TEST(EtcdReply, KnowsWhenANewTokenMayHelp) {
  EXPECT_TRUE(wants_new_token("etcdserver: invalid auth token"));
  EXPECT_TRUE(
      wants_new_token("rpc error: code = InvalidArgument desc = etcdserver: user name is empty"));
  EXPECT_TRUE(wants_new_token("etcdserver: revision of auth store is old"));
  EXPECT_FALSE(wants_new_token("etcdserver: permission denied"));
}

}  // namespace
}  // namespace upstream
