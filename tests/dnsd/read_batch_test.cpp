#include "dnsd/read_batch.h"

#include <gtest/gtest.h>

#include "cache/catalog.h"
#include "tests/support/allocations.h"
#include "tests/support/records.h"
#include "tests/support/zone_fixture.h"

namespace signpost {
namespace {

class ReadBatchTest : public testing::Test {
 protected:
  ReadBatchTest() {
    config.zone.name = dns::Name::from_text("z").value();
    catalog = std::make_unique<cache::Catalog>(config.zone);
    catalog->set_part(catalog->add_listing_source("file"),
                      support::part_of("time 10.0.1.7:8081\n= www.z. 5 IN A 198.51.100.7\n"), now);
    table = catalog->table(now);
    dns::hash_seed();
  }

  void read(const std::vector<dns::Wire>& packets) {
    std::vector<dns::WireView> views(packets.begin(), packets.end());
    const support::Allocations counted;
    batch.read(views, config.zone.name.view(), *table, answers);
    EXPECT_EQ(counted.count(), 0U);
  }

  dns::Time now{std::chrono::hours(10)};
  conf::Config config;
  std::unique_ptr<cache::Catalog> catalog;
  cache::CatalogSnapshot table;
  cache::AnswerCache answers{1 << 20};
  ReadBatch batch;
};

TEST_F(ReadBatchTest, ReadsEachAsItWouldAlone) {
  const std::vector<dns::Wire> packets = {support::query("time.z. SRV", 1, false),
                                          {},
                                          support::query("www.Z. A", 2, true),
                                          support::query("gone.z. A", 3, true),
                                          {0xff, 0x00},
                                          support::query("web.example. A", 4, true)};
  read(packets);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    ReadQuery alone;
    read_query(packets[i], alone);
    EXPECT_EQ(batch[i].verdict, alone.verdict) << i;
    if (alone.verdict == dns::QueryVerdict::not_a_query) continue;
    EXPECT_EQ(batch[i].query.id, alone.query.id) << i;
    EXPECT_EQ(batch[i].query.question, alone.query.question) << i;
    EXPECT_EQ(batch[i].name_hash, alone.name_hash) << i;
    EXPECT_EQ(batch[i].packet.data(), packets[i].data()) << i;
  }
}

TEST_F(ReadBatchTest, AFullBatchAndAnEmptyOneAreFine) {
  read(std::vector<dns::Wire>(ReadBatch::kMost, support::query("time.z. SRV", 1, true)));
  EXPECT_EQ(batch[ReadBatch::kMost - 1].verdict, dns::QueryVerdict::fine);
  read({});
}

TEST_F(ReadBatchTest, WhatTheCacheHoldsAndWhatItDoesNotAreReadAlike) {
  const dns::Question kept{dns::Name::from_text("web.example").value(), dns::Type::A,
                           dns::Class::IN};
  answers.insert(
      cache::AnswerKey::of(kept, false, false),
      cache::stored_form(
          support::message("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"}}),
          dns::Seconds(60)),
      now);
  std::vector<dns::Wire> packets{support::query("web.example. A", 1, false)};
  while (packets.size() < ReadBatch::kMost)
    packets.push_back(
        support::query("h" + std::to_string(packets.size()) + ".example. A", 2, true));
  read(packets);
  EXPECT_EQ(batch[63].verdict, dns::QueryVerdict::fine);
}

TEST_F(ReadBatchTest, FindsNothingInAnEmptyTable) {
  table = std::make_shared<const cache::CatalogTable>();
  read({support::query("time.z. SRV", 1, false), support::query("web.example. A", 2, false)});
  EXPECT_EQ(batch[1].verdict, dns::QueryVerdict::fine);
}

}  // namespace
}  // namespace signpost
