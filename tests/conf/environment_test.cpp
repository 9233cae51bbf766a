#include "conf/environment.h"

#include <gtest/gtest.h>

#include "tests/conf/parsed.h"

namespace conf {
namespace {

using testing::config_of;
using testing::error_of;
using testing::loaded;

TEST(FromTheEnvironment, GoesBeforeTheFile) {
  EXPECT_EQ(config_of("[zone]\nttl='1s'", {"SIGNPOST_ZONE_TTL=9s"}).zone.ttl.count(), 9);
}

TEST(FromTheEnvironment, ListsStandBetweenCommas) {
  const auto listen =
      config_of("", {"SIGNPOST_LISTEN_ADDRESSES=127.0.0.1:53, [::1]:53"}).listen.addresses;
  ASSERT_EQ(listen.size(), 2U);
  EXPECT_EQ(listen[1].to_text(), "[::1]:53");
}

TEST(FromTheEnvironment, TextStandsForNumbersAndFlags) {
  const auto config = config_of("", {"SIGNPOST_LISTEN_WORKERS=2", "SIGNPOST_FORWARD_TRUST_AD=true",
                                     "SIGNPOST_CACHE_SIZE=1048576", "SIGNPOST_STATE_PATH="});
  EXPECT_EQ(config.listen.workers, 2U);
  EXPECT_TRUE(config.forward.trust_ad);
  EXPECT_EQ(config.cache.size, 1'048'576U);
  EXPECT_EQ(config.state.path, "");
}

TEST(FromTheEnvironment, EntriesAreNamedByIndexInAnyOrder) {
  const auto config =
      config_of("", {"SIGNPOST_CATALOG_1_PATH=b", "SIGNPOST_CATALOG_0_PATH=a",
                     "SIGNPOST_CATALOG_1_TYPE=file", "SIGNPOST_CATALOG_0_TYPE=file",
                     "SIGNPOST_HEALTH_PROBE_0_PATH=/up", "SIGNPOST_FORWARD_ZONE_0_SUFFIX=x.example",
                     "SIGNPOST_FORWARD_ZONE_0_UPSTREAMS=10.0.0.1,10.0.0.2"});
  ASSERT_EQ(config.catalogs.size(), 2U);
  EXPECT_EQ(config.catalogs[1].path, "b");
  ASSERT_EQ(config.health.probes.size(), 1U);
  EXPECT_EQ(config.health.probes[0].path, "/up");
  ASSERT_EQ(config.forward.zones.size(), 1U);
  EXPECT_EQ(config.forward.zones[0].upstreams.size(), 2U);
}

TEST(FromTheEnvironment, AnIndexOfTheFileChangesItsEntry) {
  const auto catalogs = config_of("[[catalog]]\ntype='file'\npath='x'",
                                  {"SIGNPOST_CATALOG_0_PATH=y", "SIGNPOST_CATALOG_1_TYPE=file",
                                   "SIGNPOST_CATALOG_1_PATH=z"})
                            .catalogs;
  ASSERT_EQ(catalogs.size(), 2U);
  EXPECT_EQ(catalogs[0].path, "y");
  EXPECT_EQ(catalogs[1].path, "z");
}

TEST(FromTheEnvironment, AnIndexPastTheNextEntryIsAnError) {
  EXPECT_EQ(error_of("", {"SIGNPOST_CATALOG_3_TYPE=file"}),
            "SIGNPOST_CATALOG_3_TYPE: expected an index of at most 0, the next new entry, found 3");
}

TEST(FromTheEnvironment, ABadValueNamesTheVariable) {
  EXPECT_EQ(error_of("", {"SIGNPOST_ZONE_TTL=soon"}),
            "SIGNPOST_ZONE_TTL: expected a duration from 0s to 7d such as \"10s\", found 'soon'");
  EXPECT_EQ(
      error_of("", {"SIGNPOST_LISTEN_WORKERS=1x"}),
      "SIGNPOST_LISTEN_WORKERS: expected a whole number from 1 to 256 or \"auto\", found '1x'");
}

TEST(FromTheEnvironment, ABadValueIsAnErrorEvenInTheFileBelow) {
  EXPECT_NE(error_of("[zone]\nttl='soon'", {"SIGNPOST_ZONE_TTL=1s"}).find("signpost.toml:2:5"),
            std::string::npos);
}

TEST(FromTheEnvironment, AnIncompleteEntryNamesTheVariableThatBeganIt) {
  EXPECT_EQ(error_of("", {"SIGNPOST_CATALOG_0_PATH=x"}),
            "SIGNPOST_CATALOG_0_PATH: expected [[catalog]] to set 'type', found none");
}

TEST(FromTheEnvironment, AnUnknownVariableIsOnlyAWarning) {
  EXPECT_EQ(loaded("", {"SIGNPOST_LISTEN_ADRESSES=x", "HOME=/root", "SIGNPOST_PORT=tcp://10.0.0.1"})
                .warnings,
            (std::vector<std::string>{
                "SIGNPOST_LISTEN_ADRESSES: no key has this variable, it is ignored; did you mean "
                "'SIGNPOST_LISTEN_ADDRESSES'?",
                "SIGNPOST_PORT: no key has this variable, it is ignored"}));
}

TEST(FromTheEnvironment, AWarningNamesTheVariable) {
  EXPECT_EQ(loaded("[cache]\nprefetch=false", {"SIGNPOST_CONTROL_TOKEN_FILE=token"}).warnings,
            std::vector<std::string>{
                "SIGNPOST_CONTROL_TOKEN_FILE: control.token_file is not yet in effect"});
}

TEST(FromTheEnvironment, OnlyTheValueThatCountsIsWarnedAbout) {
  EXPECT_TRUE(
      loaded("[control]\ntoken_file='token'", {"SIGNPOST_CONTROL_TOKEN_FILE="}).warnings.empty());
}

/// Every key can be reached by its variable: a value that no key takes is an
/// error with that name.
TEST(FromTheEnvironment, EveryKeyHasAVariable) {
  for (const Key& key : keys()) {
    std::string name = "SIGNPOST_" + std::string(key.section);
    if (find_section(key.section)->is_array()) name += "_0";
    name += "_" + std::string(key.name);
    for (char& c : name) c = c == '.' ? '_' : static_cast<char>(std::toupper(c));
    Settings settings;
    Problems problems;
    std::vector<std::string> warnings;
    read_environment({name + "=x"}, settings, problems, warnings);
    ASSERT_EQ(settings.list.size(), 1U) << name;
    EXPECT_EQ(settings.list[0].key, &key);
    EXPECT_TRUE(warnings.empty());
  }
}

TEST(CopyOfTheEnvironment, IsWhatTheProcessHas) {
  const char* const variables[] = {"A=1", "B=2", nullptr};
  EXPECT_EQ(copy_of(variables), (Environment{"A=1", "B=2"}));
}

}  // namespace
}  // namespace conf
