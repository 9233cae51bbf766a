#include "upstream/skydns_tree.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "upstream/skydns_key.h"

namespace upstream {
namespace {

using Texts = std::vector<std::string>;

class SkydnsTreeTest : public ::testing::Test {
 protected:
  SkydnsTree tree;

  void put(const std::string& path, const std::string& json) {
    tree.put(path, read_skydns_value(json).value(), ++revision_);
  }
  void put_at(const std::string& path, const std::string& host) {
    put(path, R"({"host":")" + host + R"(","port":80})");
  }
  void put_in_group(const std::string& path, const std::string& group) {
    put(path, R"({"host":")" + dotted(path) + R"(.example","group":")" + group + R"("})");
  }

  cache::Service service(const std::string& name) const {
    const auto delta = tree.delta({name});
    return delta.services.empty() ? cache::Service() : delta.services.at(0);
  }
  /// The ids of its instances, sorted.
  Texts ids(const std::string& name) const {
    Texts ids;
    for (const auto& instance : service(name).instances) ids.push_back(instance.id);
    std::sort(ids.begin(), ids.end());
    return ids;
  }

  std::int64_t revision_ = 0;
};

TEST_F(SkydnsTreeTest, ANameAnswersWithAllKeysBelowIt) {
  put_at("prod/web/x1", "10.0.0.1");
  put_at("prod/web/x2", "10.0.0.2");
  put_at("prod/api/y1", "10.0.0.3");
  EXPECT_EQ(ids("web.prod"), (Texts{"x1", "x2"}));
  EXPECT_EQ(ids("prod"), (Texts{"x1.web", "x2.web", "y1.api"}));
  EXPECT_EQ(ids("x2.web.prod"), Texts{}) << "an instance of web.prod";
  EXPECT_EQ(ids("other"), Texts{});
}

TEST_F(SkydnsTreeTest, AKeyOfItsOwnCountsWhenNothingIsBelow) {
  put_at("web", "10.0.0.9");
  EXPECT_EQ(ids("web"), (Texts{"web"}));
  put_at("web/x1", "10.0.0.1");
  EXPECT_EQ(ids("web"), (Texts{"x1"}));
  tree.erase("web/x1", ++revision_);
  EXPECT_EQ(ids("web"), (Texts{"web"}));
}

TEST_F(SkydnsTreeTest, AKeyThatLosesWhatWasBelowItIsAnInstanceAgain) {
  put_at("prod/web", "10.0.0.9");
  put_at("prod/web/x1", "10.0.0.1");
  EXPECT_EQ(ids("web.prod"), (Texts{"x1"}));
  tree.erase("prod/web/x1", ++revision_);
  EXPECT_EQ(tree.delta({"prod", "web.prod"}).gone, (Texts{"web.prod"}));
  EXPECT_EQ(ids("prod"), (Texts{"web"}));
}

TEST_F(SkydnsTreeTest, ANeighbourWhoseNameStartsAlikeIsNotBelow) {
  put_at("web", "10.0.0.9");
  put_at("web-2/x1", "10.0.0.1");
  put_at("web2", "10.0.0.2");
  EXPECT_EQ(ids("web"), (Texts{"web"}));
}

TEST_F(SkydnsTreeTest, BothSpellingsAreOneService) {
  put_at("web/x1", "10.0.0.1");
  put_at("_tcp/_web/x2", "10.0.0.2");
  put_at("_udp/_web", "10.0.0.3");
  EXPECT_EQ(ids("web"), (Texts{"_web", "x1", "x2"}));
}

TEST_F(SkydnsTreeTest, TheLowestTtlIsTheServices) {
  put_at("web/x1", "10.0.0.1");
  EXPECT_EQ(service("web").ttl, std::nullopt);
  put("web/x2", R"({"host":"10.0.0.2","ttl":60})");
  put("web/x3", R"({"host":"10.0.0.3","ttl":30})");
  EXPECT_EQ(service("web").ttl, 30U);
}

TEST_F(SkydnsTreeTest, AKeyThatSaysNothingIsNoInstance) {
  put("web/x1", "{}");
  put("web/x2", R"({"ttl":5})");
  EXPECT_EQ(tree.delta({"web"}).gone, (Texts{"web"}));
  put("web/x3", R"({"text":"only words"})");
  EXPECT_EQ(ids("web"), (Texts{"x3"}));
}

TEST_F(SkydnsTreeTest, KeysOfAnotherGroupAreLeftOut) {
  put_in_group("web/a", "g1");
  put_in_group("web/sub/b", "g2");
  put_in_group("web/sub/c", "");
  put_in_group("web/sub/d", "g1");
  EXPECT_EQ(ids("web"), (Texts{"a", "c.sub", "d.sub"}));
  EXPECT_EQ(ids("sub.web"), (Texts{"b", "c", "d"}))
      << "on the shortest keys of this name they disagree";
}

TEST_F(SkydnsTreeTest, GroupsThatDisagreeOnTheShortestKeysCountForNothing) {
  put_in_group("web/a", "g1");
  put_in_group("web/b", "g2");
  EXPECT_EQ(ids("web"), (Texts{"a", "b"}));
}

TEST_F(SkydnsTreeTest, AShortestKeyWithoutGroupIsInEveryGroup) {
  put_in_group("web/a", "");
  put_in_group("web/sub/b", "g1");
  EXPECT_EQ(ids("web"), (Texts{"a", "b.sub"}));
}

TEST_F(SkydnsTreeTest, AnOldRevisionChangesNothing) {
  EXPECT_TRUE(tree.put("web/x1", read_skydns_value(R"({"host":"10.0.0.2"})").value(), 7));
  EXPECT_FALSE(tree.put("web/x1", read_skydns_value(R"({"host":"10.0.0.1"})").value(), 5));
  EXPECT_FALSE(tree.erase("web/x1", 6));
  EXPECT_EQ(service("web").instances.at(0).host, "10.0.0.2");
  EXPECT_TRUE(tree.erase("web/x1", 8));
  EXPECT_FALSE(tree.erase("web/x1", 9));
}

TEST_F(SkydnsTreeTest, ThePartHasEachServiceOnceAndWhole) {
  put_at("web/x1", "10.0.0.1");
  put_at("web/x2", "10.0.0.2");
  put_at("db", "10.0.0.3");
  Texts names;
  for (const auto& made : tree.part().services) {
    names.push_back(made.name);
    EXPECT_EQ(made, service(made.name));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(names, (Texts{"db", "web"}));
}

TEST_F(SkydnsTreeTest, AFolderOfFoldersWithMoreThanAMessageHoldsIsNoService) {
  for (std::size_t i = 0; i < kMostBelowFolders; ++i) {
    put_at("prod/web/i" + std::to_string(i),
           "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250));
  }
  EXPECT_EQ(ids("prod").size(), kMostBelowFolders);
  put_at("prod/api/y1", "10.9.0.1");
  EXPECT_EQ(ids("prod"), Texts{});
  EXPECT_EQ(ids("web.prod").size(), kMostBelowFolders) << "a plain service may be of any size";
  put_at("prod/web/one-more", "10.9.0.2");
  EXPECT_EQ(ids("web.prod").size(), kMostBelowFolders + 1);
}

}  // namespace
}  // namespace upstream
