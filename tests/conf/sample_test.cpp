// The shipped sample says what the code does.

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "conf/toml_settings.h"
#include "tests/conf/parsed.h"
#include "tests/support/source_file.h"

namespace conf {
namespace {

std::string sample() {
  std::ifstream in(support::source_file("conf/signpost.toml"));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The sample with every `#key = value` switched on; `# prose` stays.
std::string switched_on() {
  std::stringstream in(sample());
  std::string text;
  for (std::string line; std::getline(in, line);) {
    const bool off = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    text += (off ? line.substr(1) : line) + "\n";
  }
  return text;
}

Settings settings_of(const std::string& text) {
  Settings settings;
  Problems problems;
  EXPECT_TRUE(read_toml({"sample", text}, settings, problems));
  EXPECT_TRUE(problems.empty());
  return settings;
}

/// The catalog of this type as the code has it before any key is set.
Catalog plain_catalog(Catalog::Type type) {
  Catalog catalog;
  catalog.type = type;
  return catalog;
}

TEST(Sample, SetsWhatIsTheDefaultAnyway) {
  const auto read = testing::loaded(sample());
  EXPECT_TRUE(read.config == Config());
  EXPECT_EQ(read.warnings, std::vector<std::string>());
}

TEST(Sample, NamesEveryKeyOfTheTable) {
  std::set<const Key*> named;
  for (const Setting& set : settings_of(switched_on()).list) named.insert(set.key);
  for (const Key& key : keys()) {
    EXPECT_TRUE(named.count(&key)) << key.full_name() << " is not in conf/signpost.toml";
  }
}

TEST(Sample, LeavesOnlyArraysOfTablesSwitchedOff) {
  std::set<const Key*> named;
  for (const Setting& set : settings_of(sample()).list) named.insert(set.key);
  for (const Key& key : keys()) {
    EXPECT_NE(named.count(&key) == 1, find_section(key.section)->is_array()) << key.full_name();
  }
}

TEST(Sample, SwitchedOnStillHasTheDefaultsOutsideItsEntries) {
  Config config = testing::config_of(switched_on());
  EXPECT_EQ(config.catalogs.size(), 6U);
  config.catalogs.clear();
  config.health.probes.clear();
  config.forward.zones.clear();
  EXPECT_TRUE(config == Config());
}

TEST(Sample, ShowsProbesWithTheirDefaults) {
  const Config config = testing::config_of(switched_on());
  ASSERT_EQ(config.health.probes.size(), 1U);
  EXPECT_TRUE(config.health.probes[0] == Probe());
}

TEST(Sample, ShowsEachTypeOfCatalogWithItsDefaults) {
  const Config config = testing::config_of(switched_on());
  ASSERT_EQ(config.catalogs.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) {
    const Catalog& shown = config.catalogs[i];
    Catalog expected = plain_catalog(static_cast<Catalog::Type>(i));
    // What has no default, since only the user knows it.
    expected.name = shown.name;
    expected.path = shown.path;
    expected.url = shown.url;
    expected.zone = shown.zone;
    expected.services = shown.services;
    EXPECT_TRUE(shown == expected) << shown.name;
  }
}

TEST(Sample, ShowsAForwardZone) {
  const Config config = testing::config_of(switched_on());
  ASSERT_EQ(config.forward.zones.size(), 1U);
  EXPECT_EQ(config.forward.zones[0].suffix.to_text(), "corp.example.");
  EXPECT_EQ(config.forward.zones[0].upstreams[0].address.to_text(), "10.1.0.53:53");
}

}  // namespace
}  // namespace conf
