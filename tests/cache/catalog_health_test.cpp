// What the catalog makes of health when services, sources and instances come and go.
#include <gtest/gtest.h>

#include "cache/catalog.h"
#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using namespace std::chrono_literals;

class CatalogHealth : public testing::Test {
 protected:
  conf::Zone zone;
  conf::Health rules;
  dns::Time now{1h};
  std::optional<Catalog> catalog;
  SourceId file = 0;

  void SetUp() override {
    zone.name = dns::Name::from_text("z.").value();
    rules.probes.emplace_back().on_demand = false;
    catalog.emplace(zone, rules);
    file = catalog->add_listing_source("file");
  }
  void tell(const std::string& text) { tell(file, text); }
  void tell(SourceId source, const std::string& text) {
    catalog->set_part(source, support::part_of(text), now);
    catalog->table(now);
  }
  static std::string owner() { return std::string(dns::Name::from_text("time.z.").value().view()); }
  const TableInstance* instance(const std::string& host) {
    const Node* node = catalog->table(now)->find(owner());
    if (node == nullptr || !node->service) return nullptr;
    for (const auto& one : node->service->instances) {
      if (one.told->host == host) return &one;
    }
    return nullptr;
  }
  double factor(const std::string& host) { return instance(host)->factor; }
  void probe(const std::string& host, bool good, int times = 1) {
    for (int i = 0; i < times; ++i) {
      now += 10s;
      catalog->probed(owner(), instance_key(*instance(host)->told), {good, good ? "" : "refused"},
                      now);
    }
  }
};

TEST_F(CatalogHealth, AProbeOfOneIsNoWordOnAnother) {
  tell("time 10.0.0.1:80\n time 10.0.0.2:80");
  probe("10.0.0.1", false, 3);
  EXPECT_EQ(factor("10.0.0.1"), 0);
  EXPECT_EQ(factor("10.0.0.2"), 1);
  EXPECT_EQ(catalog->news().size(), 1U);
}

TEST_F(CatalogHealth, TwoSourcesMayGiveTheSameIdToDifferentPlaces) {
  const SourceId other = catalog->add_listing_source("other");
  tell("time 10.0.0.1:80 id=web-1");
  tell(other, "time 10.0.0.2:80 id=web-1 status=unhealthy");
  now += 2 * rules.slow_start;
  probe("10.0.0.1", false, 3);
  probe("10.0.0.2", true, 2);
  now += rules.slow_start;
  EXPECT_EQ(factor("10.0.0.1"), 0);
  EXPECT_EQ(factor("10.0.0.2"), 1);
}

TEST_F(CatalogHealth, WhoMovesBeginsAnew) {
  tell("time 10.0.0.1:80 id=a\n time 10.0.0.9:80 id=b");
  probe("10.0.0.1", false, 3);
  tell("time 10.0.0.2:80 id=a\n time 10.0.0.9:80 id=b");
  EXPECT_GT(factor("10.0.0.2"), 0);
}

TEST_F(CatalogHealth, WhoIsToldUnderAnotherIdIsTheSame) {
  tell("time 10.0.0.1:80 id=a\n time 10.0.0.9:80 id=b");
  probe("10.0.0.1", false, 3);
  tell("time 10.0.0.1:80 id=c\n time 10.0.0.9:80 id=b");
  EXPECT_EQ(factor("10.0.0.1"), 0);
}

TEST_F(CatalogHealth, AServiceThatWentIsForgotten) {
  tell("time 10.0.0.1:80\n time 10.0.0.2:80");
  probe("10.0.0.1", false, 3);
  tell("web 10.0.0.1:80");
  tell("time 10.0.0.1:80\n time 10.0.0.2:80");
  EXPECT_EQ(factor("10.0.0.1"), 1);
}

TEST_F(CatalogHealth, WhatASecondSourceBringsAtTheStartDidNotJoin) {
  const SourceId late = catalog->add_listing_source("late");
  tell("time 10.0.0.1:80");
  tell(late, "time 10.0.0.2:80");
  EXPECT_EQ(factor("10.0.0.2"), 1);
  tell(late, "time 10.0.0.2:80\n time 10.0.0.3:80");
  EXPECT_EQ(factor("10.0.0.3"), 0.1F) << "this one did";
}

TEST_F(CatalogHealth, WhatCameWhileADaemonWasDownDidNotJoin) {
  catalog->set_old_from(file, now);  // a snapshot: it is old until the source is heard
  tell("time 10.0.0.1:80");
  now += 1s;
  catalog->set_part(file, support::part_of("time 10.0.0.1:80\n time 10.0.0.2:80"), now);
  catalog->set_old_from(file, dns::Time::max());
  EXPECT_EQ(factor("10.0.0.2"), 1);
}

TEST_F(CatalogHealth, ABadWordThatFadedCountsAgainWhenItsSourceIsHeard) {
  tell("time 10.0.0.1:80 status=unhealthy\n time 10.0.0.2:80");
  catalog->set_old_from(file, now);
  now += 2 * rules.max_age + 1s;
  EXPECT_EQ(factor("10.0.0.1"), 1);
  catalog->set_old_from(file, dns::Time::max());
  tell("time 10.0.0.1:80 status=unhealthy\n time 10.0.0.2:80");
  EXPECT_EQ(factor("10.0.0.1"), 0);
}

TEST_F(CatalogHealth, ABadWordDoesNotFadeWhileItsSourceIsThere) {
  tell("time 10.0.0.1:80 status=unhealthy\n time 10.0.0.2:80");
  for (int i = 0; i < 40; ++i) {
    now = std::min(now + rules.max_age, std::max(catalog->next_due(), now + 1s));
    EXPECT_EQ(factor("10.0.0.1"), 0);
  }
}

TEST_F(CatalogHealth, ReloadWithOtherProbesKeepsWhatStillHolds) {
  tell("time 10.0.0.1:80\n time 10.0.0.2:80");
  probe("10.0.0.1", false, 3);
  const auto reload = [&](const conf::Health& next) {
    Catalog made(zone, next);
    const SourceId same = made.add_listing_source("file");
    made.adopt_health(*catalog);
    made.adopt(same, *catalog, file);
    catalog.emplace(std::move(made));
  };
  rules.slow_start = 1s;
  reload(rules);
  EXPECT_EQ(factor("10.0.0.1"), 0);
  rules.probes.clear();
  reload(rules);
  EXPECT_EQ(factor("10.0.0.1"), 1) << "nobody watches it any more";
}

/// While there is any candidate there is an answer, whatever the health.
TEST_F(CatalogHealth, NeverAnEmptyAnswerWhileCandidatesExist) {
  dns::Random random(3);
  for (unsigned threshold : {0U, 30U, 100U}) {
    rules.panic_threshold = threshold;
    catalog.emplace(zone, rules);
    file = catalog->add_listing_source("file");
    std::string text;
    const auto host = [](std::uint64_t i) { return "10.0.0." + std::to_string(i + 1); };
    for (int i = 0; i < 8; ++i) text += "time " + host(static_cast<std::uint64_t>(i)) + ":80\n";
    tell(text);
    for (int event = 0; event < 500; ++event) {
      probe(host(random.below(8)), random.below(4) == 0);
      const View& view = catalog->table(now)->find(owner())->service->all;
      ASSERT_FALSE(view.candidates.empty());
      const bool few = view.healthy == 0 || 100 * view.healthy < threshold * view.serving;
      ASSERT_EQ(view.fail_open, few);
      ASSERT_EQ(view.candidates.size(), few ? 8U : view.healthy);
    }
  }
}

}  // namespace
}  // namespace cache
