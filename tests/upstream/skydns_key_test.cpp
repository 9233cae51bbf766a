#include "upstream/skydns_key.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

using Texts = std::vector<std::string>;

const dns::Name kZone = dns::Name::from_text("servicediscovery.internal").value();

TEST(SkydnsKey, TheZonesFolderHasItsLabelsFromTheRight) {
  for (const char* prefix : {"/skydns", "/skydns/"}) {
    const SkydnsRange range = skydns_range(prefix, kZone);
    EXPECT_EQ(range.folder, "/skydns/internal/servicediscovery/");
    EXPECT_EQ(range.end, "/skydns/internal/servicediscovery0");
  }
  EXPECT_EQ(skydns_range("/", kZone).folder, "/internal/servicediscovery/");
  EXPECT_EQ(skydns_range("/a/b", kZone).folder, "/a/b/internal/servicediscovery/");
}

TEST(SkydnsKey, APathIsWhatFollowsTheFolder) {
  const SkydnsRange range = skydns_range("/skydns", kZone);
  EXPECT_EQ(range.path_of("/skydns/internal/servicediscovery/web/x1"), "web/x1");
  EXPECT_EQ(range.path_of("/skydns/internal/servicediscovery/"), "");
  EXPECT_EQ(range.path_of("/skydns/internal/servicediscovery"), std::nullopt);
  EXPECT_EQ(range.path_of("/skydns/internal/servicediscovery2/web"), std::nullopt);
}

TEST(SkydnsKey, CountsForEveryNameAboveIt) {
  EXPECT_EQ(services_of("web"), (Texts{"web"}));
  EXPECT_EQ(services_of("web/x1"), (Texts{"web"})) << "x1.web is an instance of web";
  EXPECT_EQ(services_of("prod/web/x1"), (Texts{"prod", "web.prod"}));
  EXPECT_EQ(services_of("web/"), (Texts{"web"}));
  EXPECT_EQ(services_of(""), Texts{});
}

TEST(SkydnsKey, AServiceSpelledForSrvIsThePlainOne) {
  EXPECT_EQ(services_of("_tcp/_web"), (Texts{"web"}));
  EXPECT_EQ(services_of("_tcp/_web/x1"), (Texts{"web"}));
  EXPECT_EQ(paths_of("web"), (Texts{"web", "_tcp/_web", "_udp/_web"}));
  EXPECT_EQ(paths_of("api.web"), (Texts{"web/api", "_tcp/web/_api", "_udp/web/_api"}));
}

TEST(SkydnsKey, EveryServiceIsFoundAtOneOfItsPaths) {
  for (const char* path :
       {"web", "prod/web/x1", "_tcp/_web", "_udp/web/_api", "_tcp/_tcp/_web", "_tcp/__web/_a"}) {
    for (const std::string& service : services_of(path)) {
      bool found = false;
      for (const std::string& at : paths_of(service)) {
        found = found || path == at || std::string(path).starts_with(at + "/");
      }
      EXPECT_TRUE(found) << service << " of " << path;
    }
  }
}

TEST(SkydnsKey, ALabelThatCannotBeAskedForEndsTheNames) {
  EXPECT_EQ(services_of("web/10.0.1.7:80"), (Texts{"web"}));
  EXPECT_EQ(services_of("web//x1"), (Texts{"web"}));
  EXPECT_EQ(services_of("web/X1"), (Texts{"web"}));
  EXPECT_EQ(services_of("*/x1"), Texts{});
  EXPECT_EQ(services_of("web/" + std::string(64, 'a')), (Texts{"web"}));
  EXPECT_EQ(services_of("web/x\xc3\xa9"), (Texts{"web"}));
}

TEST(SkydnsKey, APathOfAThousandLabelsIsNoMoreThanAName) {
  std::string path = "a";
  for (int i = 0; i < 100'000; ++i) path += "/a";
  EXPECT_LE(services_of(path).size(), 128U);
}

TEST(SkydnsKey, AnInstanceIsCalledFromTheLeft) {
  EXPECT_EQ(dotted("x1"), "x1");
  EXPECT_EQ(dotted("web/x1"), "x1.web");
  EXPECT_EQ(dotted("/x1/"), "x1");
  EXPECT_EQ(dotted(""), "");
}

}  // namespace
}  // namespace upstream
