#include "cache/restoration.h"

#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using dns::Rcode;

/// What `z.` was told in one run is kept, and the next run begins with it.
class RestorationTest : public support::ZoneFixture {
 protected:
  void keep(const std::string& text) {
    Catalog last(zone);
    const SourceId id = last.add_listing_source("file");
    last.set_part(id, support::part_of(text), now);
    SnapshotWriter writer(clocks());
    writer.add(last.knowledge(id));
    bytes_ = writer.finish();
    ASSERT_TRUE(read_snapshot(bytes_, clocks(), sink_).ok());
    catalog().begin_restore(file(), sink_.source_.loaded_at);
    catalog().set_old_from(file(), now);
    restoration.emplace(catalog(), zone.name, Restoration::Kept{{file(), &sink_.source_}});
  }
  void restore_all() {
    while (restoration->restore_some(1)) continue;
    catalog().end_restore();
  }
  /// Has waited for what the catalog says.
  support::ZoneReply ask_again(const std::string& question) {
    support::How how;
    how.may_consult = false;
    return ask(question, how);
  }

  std::optional<Restoration> restoration;

 private:
  struct Sink final : SnapshotSink {
    void source(KeptSource source) override { source_ = std::move(source); }
    void answer(const HeardAnswer& /*answer*/) override {}
    KeptSource source_;
  };

  BothClocks clocks() const { return {now, 1'700'000'000'000}; }

  std::string bytes_;
  Sink sink_;
};

TEST_F(RestorationTest, ANameThatIsNotThereYetIsConsultedAndComesAtOnce) {
  keep("time 10.0.1.7:8081\nweb 10.0.1.8:80");
  EXPECT_EQ(ask("time SRV").verdict, ZoneVerdict::consult);
  EXPECT_TRUE(restoration->restore("time"));
  EXPECT_EQ(ask("time SRV").answer.size(), 1U);
  EXPECT_EQ(ask("_time._tcp SRV").answer.size(), 1U);
  EXPECT_EQ(ask("ip-10-0-1-7.addr A").answer.size(), 1U);
  EXPECT_EQ(ask("web SRV").verdict, ZoneVerdict::consult);
}

TEST_F(RestorationTest, WhatIsRestoredIsOld) {
  keep("time 10.0.1.7:8081");
  restoration->restore("time");
  EXPECT_EQ(ask("time SRV").extended.substr(0, 2), "3 ");
}

TEST_F(RestorationTest, NoNameIsDeniedUntilAllAreThere) {
  keep("time 10.0.1.7:8081");
  EXPECT_FALSE(restoration->restore("gone"));
  const auto early = ask_again("gone SRV");
  EXPECT_EQ(early.rcode, Rcode::SERVFAIL);
  EXPECT_EQ(early.extended.substr(0, 3), "14 ");
  restore_all();
  EXPECT_EQ(ask("gone SRV").rcode, Rcode::NXDOMAIN);
  EXPECT_EQ(ask("time SRV").answer.size(), 1U);
}

TEST_F(RestorationTest, AVersionComesWithItsService) {
  keep("time 10.0.1.7:8081 version=1.0\ntime 10.0.1.8:8081 version=2.0");
  EXPECT_EQ(ask("1.0.time SRV").verdict, ZoneVerdict::consult);
  restoration->restore("1.0.time");
  EXPECT_EQ(ask_again("1.0.time SRV").answer.size(), 1U);
}

TEST_F(RestorationTest, ANameOfItsOwnIsNotTakenForAVersionOrAWildcardsName) {
  keep("time 10.0.1.7:8081 version=1.0\n1.0.time 10.0.1.9:9\n= *.time.z. 5 IN TXT \"any\"");
  restoration->restore("time");
  EXPECT_EQ(ask("1.0.time SRV").verdict, ZoneVerdict::consult);
  EXPECT_EQ(ask("x.time TXT").verdict, ZoneVerdict::consult);
  EXPECT_TRUE(restoration->restore("1.0.time"));
  const auto reply = ask("1.0.time SRV");
  ASSERT_EQ(reply.answer.size(), 1U);
  EXPECT_NE(reply.answer[0].find("ip-10-0-1-9"), std::string::npos);
}

TEST_F(RestorationTest, TheHostsAndAliasesOfANameComeWithIt) {
  keep("time host.z:8081\n= host.z. 5 IN A 198.51.100.7\n= clock.z. 5 IN CNAME time.z.");
  restoration->restore("clock");
  const auto reply = ask("clock A");
  ASSERT_EQ(reply.answer.size(), 2U);
  EXPECT_NE(reply.answer[1].find("198.51.100.7"), std::string::npos);
}

TEST_F(RestorationTest, AHostElsewhereHasItsAddressUnderItsFirstLabel) {
  keep("time ip-10-5-10-74.us-west-2.compute.internal:8081\n= ip-10-5-10-74.z. 5 IN A 10.5.10.74");
  restoration->restore("time");
  const auto reply = ask("time A");
  ASSERT_EQ(reply.answer.size(), 1U);
  EXPECT_NE(reply.answer[0].find("10.5.10.74"), std::string::npos);
}

TEST_F(RestorationTest, ASliceEndsBetweenNamesAndNotWithinOne) {
  keep(
      "time 10.0.1.7:8081\n= time.z. 5 IN MX 10 mail.z.\n= time.z. 5 IN TXT \"x\"\n"
      "= mail.z. 5 IN A 10.0.1.8\n= mail.z. 5 IN A 10.0.1.9\n= mail.z. 5 IN AAAA 2001:db8::9");
  for (bool more = true; more;) {
    more = restoration->restore_some(1);
    const auto service = ask("time SRV"), mail = ask("mail A");
    if (service.verdict == ZoneVerdict::reply) {
      EXPECT_EQ(service.answer.size(), 1U);
      EXPECT_EQ(ask("time MX").answer.size(), 1U);
    }
    if (mail.verdict == ZoneVerdict::reply) {
      EXPECT_EQ(mail.answer.size(), 2U);
      EXPECT_EQ(ask("mail AAAA").answer.size(), 1U);
    }
  }
}

TEST_F(RestorationTest, TheZonesOwnRecordsWaitForNothing) {
  keep("time 10.0.1.7:8081");
  EXPECT_EQ(ask("@ SOA").answer.size(), 1U);
  EXPECT_EQ(ask("@ NS").answer.size(), 1U);
}

TEST_F(RestorationTest, ARingOfAliasesEnds) {
  keep("= a.z. 5 IN CNAME b.z.\n= b.z. 5 IN CNAME a.z.");
  EXPECT_TRUE(restoration->restore("a"));
  EXPECT_TRUE(restoration->restore("b"));
}

TEST_F(RestorationTest, ServicesAndRecordsOfOneNameComeTogether) {
  keep("time 10.0.1.7:8081\n= time.z. 5 IN MX 10 mail.z.\n= _time._tcp.z. 5 IN TXT \"x\"");
  restoration->restore("time");
  EXPECT_EQ(ask("time MX").answer.size(), 1U);
  EXPECT_EQ(ask("time SRV").answer.size(), 1U);
}

TEST_F(RestorationTest, ANameWithNamesBelowItIsNotTakenForEmpty) {
  keep("api.web 10.0.1.7:80\n= web.z. 5 IN TXT \"here\"");
  restoration->restore("api.web");
  restore_all();
  EXPECT_EQ(ask("web TXT").answer.size(), 1U);
}

TEST_F(RestorationTest, WhatTheSourceSaysItselfTakesTheKeptOnesPlace) {
  keep("time 10.0.1.7:8081\ngone 10.0.1.8:80");
  restore_all();
  tell("time 10.0.1.9:8081");
  EXPECT_EQ(ask("gone SRV").rcode, Rcode::NXDOMAIN);
  EXPECT_NE(ask("time SRV").answer.at(0).find("ip-10-0-1-9"), std::string::npos);
}

}  // namespace
}  // namespace cache
