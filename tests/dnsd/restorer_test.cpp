#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "cache/service_name.h"
#include "dnsd/sources.h"
#include "tests/support/fake_host_resolver.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/temporary_folder.h"

namespace signpost {
namespace {

constexpr std::size_t kServices = 6000;  // of one instance: several slices

/// One run reads a large file, and the next begins with what that one knew.
class RestorerTest : public support::LoopTest {
 protected:
  support::TemporaryFolder folder;
  support::FakeHostResolver resolver;
  cache::AnswerCache answers{1 << 20};
  conf::Config config;
  cache::CatalogSnapshot table;
  std::optional<Sources> sources;

  RestorerTest() {
    conf::Catalog file;
    file.type = conf::Catalog::Type::file;
    file.name = "file";
    file.path = folder / "services.json";
    file.endpoints = {""};
    config.catalogs = {file};
    std::ofstream out(file.path);
    out << R"({"services":[)";
    for (std::size_t i = 0; i < kServices; ++i) {
      out << (i > 0 ? "," : "") << R"({"name":"s)" << i
          << R"(","instances":[{"id":"a","version":"1.0","host":"10.0.0.1","port":80}]})";
    }
    out << "]}";
  }

  void make_sources() {
    sources.emplace(loop, config, resolver, "us",
                    [this](const cache::CatalogSnapshot& next) { table = next; });
  }
  std::string state() const { return folder / "state"; }
  void keep_state_of_a_run() {
    make_sources();
    sources->start();
    ASSERT_TRUE(write_state(state(), sources->knowledge(), answers, loop.now()).ok());
    std::filesystem::remove(config.catalogs[0].path);
  }
  void restore() {
    make_sources();
    auto kept = read_state(state(), answers, dns::Seconds(60), loop.now());
    ASSERT_TRUE(kept.ok());
    sources->restore(std::move(kept).value());
  }
  bool consulted(const CatalogName& name) {
    bool told = false;
    sources->consult(name, [&told] { told = true; });
    return told;
  }
  bool has(const std::string& service) const {
    return table->find(cache::name_under(service, config.zone.name)->view()) != nullptr;
  }
};

TEST_F(RestorerTest, WhatIsAskedForComesBeforeTheRest) {
  keep_state_of_a_run();
  restore();
  EXPECT_TRUE(table->restoring() && table->incomplete());
  EXPECT_LT(table->services(), kServices / 2);
  for (std::size_t i = 0; i < kServices; i += 97) {
    const std::string name = "s" + std::to_string(i);
    EXPECT_TRUE(consulted({name, ""}));
    EXPECT_TRUE(has(name)) << name;
  }
  EXPECT_TRUE(consulted({"s5999", "1.0"})) << "a version is told by its service";
  EXPECT_TRUE(consulted({"s5998", "a"})) << "and so is an instance";
  EXPECT_LT(table->services(), kServices / 2);
}

TEST_F(RestorerTest, WhoAsksForAnUnknownNameWaitsUntilAllIsThere) {
  keep_state_of_a_run();
  restore();
  bool told = false;
  sources->consult({"gone", ""}, [&] { told = !table->restoring(); });
  bool anything = false;
  sources->consult({"", ""}, [&] { anything = true; });
  EXPECT_FALSE(told || anything);
  EXPECT_TRUE(run_until([&] { return told && anything; }));
  EXPECT_EQ(table->services(), kServices);
  EXPECT_FALSE(table->incomplete());
}

TEST_F(RestorerTest, TheSourcesBeginWhenAllIsThere) {
  keep_state_of_a_run();
  restore();
  std::size_t services = 0;
  sources->when_restored([&] { services = table->services(); });
  EXPECT_EQ(services, 0U);
  EXPECT_TRUE(run_until([&] { return services > 0; }));
  EXPECT_EQ(services, kServices);
  bool begun = false;
  sources->when_restored([&] { begun = true; });
  EXPECT_TRUE(begun);
}

TEST_F(RestorerTest, AStopMeanwhileLosesNothing) {
  keep_state_of_a_run();
  restore();
  bool begun = false;
  sources->when_restored([&] { begun = true; });
  sources->restore_rest();
  EXPECT_TRUE(begun);
  EXPECT_EQ(sources->knowledge().at(0).services.size(), kServices);
}

}  // namespace
}  // namespace signpost
