// Which instances, which order, which weight; TTLs; what fits: zone.md's last
// sections but one.
#include <algorithm>
#include <map>

#include "cache/zone_answer.h"
#include "tests/support/chi_square.h"
#include "tests/support/records.h"
#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using dns::Rcode;
using support::deviation;
using support::ZoneReply;
using Texts = std::vector<std::string>;

constexpr int kAnswers = 100'000;

class ZoneChoice : public support::ZoneFixture {
 protected:
  /// `count` instances `10.0.x.y:8081` of `big`.
  std::string big(int count, const std::string& words = "") {
    std::string out;
    for (int i = 0; i < count; ++i)
      out += "big 10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1) + ":8081 " +
             words + "\n";
    return out;
  }
  /// The last byte of the first address in an answer to `time A`; quicker than ask().
  unsigned first_address(const CatalogTable& table) {
    static const dns::Wire packet = support::query("time.z. A");
    dns::Query query;
    dns::parse_query(packet, query);
    dns::Wire room(512);
    const dns::ReplyOptions options;
    dns::ReplyWriter out(query, room, options);
    scratch.fit(table);
    const ZoneAnswer::Inputs inputs{.table = table,
                                    .settings = settings,
                                    .targets = targets,
                                    .random = random,
                                    .scratch = scratch,
                                    .now = now};
    ZoneAnswer(inputs, query, out)
        .answer(dns::hash_name(query.question.name.view(), dns::hash_seed()));
    out.finish({});
    return room.at(packet.size() + 15);
  }
};

TEST_F(ZoneChoice, LeavesOutWhatDrains) {
  tell("time 10.0.1.7:1 status=healthy\n time 10.0.1.8:1 status=draining");
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("time SRV").answer.size(), 1U);
  EXPECT_EQ(ask("time TXT").answer.size(), 2U) << "TXT is one string list for each instance";
}

TEST_F(ZoneChoice, AServiceThatOnlyDrainsIsNodata) {
  tell("time 10.0.1.8:1 status=draining");
  const ZoneReply reply = ask("time SRV");
  EXPECT_EQ(reply.rcode, Rcode::NOERROR);
  EXPECT_TRUE(reply.answer.empty());
  EXPECT_EQ(reply.authority.size(), 1U);
}

TEST_F(ZoneChoice, LeavesOutWhatIsUnhealthyWhileOthersAreHealthy) {
  tell("time 10.0.1.7:1 status=unhealthy\n time 10.0.1.8:1 status=odd\n time 10.0.1.9:1");
  EXPECT_EQ(ask("time A").sorted(), (Texts{"10.0.1.8", "10.0.1.9"})) << "unknown counts as healthy";
  EXPECT_EQ(ask("time A").extended, "");
}

TEST_F(ZoneChoice, GivesAllWhenNoneIsHealthyAndSaysSo) {
  tell(
      "time 10.0.1.7:1 status=unhealthy weight=30\n time 10.0.1.8:1 status=unhealthy\n"
      "time 10.0.1.9:1 status=draining");
  const ZoneReply reply = ask("time SRV");
  EXPECT_EQ(reply.sorted(), (Texts{"1 100 1 ip-10-0-1-8.addr.z.", "1 30 1 ip-10-0-1-7.addr.z."}));
  EXPECT_EQ(reply.rcode, Rcode::NOERROR);
  EXPECT_TRUE(reply.extended.starts_with("0 ")) << reply.extended;
  EXPECT_GT(reply.extended.size(), 10U) << "a sentence";
  EXPECT_EQ(ask("time A").answer.size(), 2U);
  EXPECT_TRUE(ask("time A").extended.starts_with("0 "));
}

TEST_F(ZoneChoice, JudgesEachVersionByItself) {
  tell("time 10.0.1.7:1 version=1 status=unhealthy\n time 10.0.1.8:1 version=2 status=healthy");
  EXPECT_EQ(ask("1.time A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.8"});
}

TEST_F(ZoneChoice, ScalesWeightsThatDoNotFit) {
  tell(
      "time 10.0.1.7:1 weight=131070\n time 10.0.1.8:1 weight=65535\n time 10.0.1.9:1 weight=0\n"
      "time 10.0.1.10:1 weight=1");
  EXPECT_EQ(ask("time SRV").sorted(),
            (Texts{"1 0 1 ip-10-0-1-9.addr.z.", "1 1 1 ip-10-0-1-10.addr.z.",
                   "1 32768 1 ip-10-0-1-8.addr.z.", "1 65535 1 ip-10-0-1-7.addr.z."}));
}

TEST_F(ZoneChoice, LiftsWeight0ToTheFloor) {
  zone.weight_floor = 1;
  tell("time 10.0.1.7:1 weight=0\n time 10.0.1.8:1 weight=7");
  EXPECT_EQ(ask("time SRV").sorted(),
            (Texts{"1 1 1 ip-10-0-1-7.addr.z.", "1 7 1 ip-10-0-1-8.addr.z."}));
}

TEST_F(ZoneChoice, PutsPrioritiesInOrder) {
  tell("time 10.0.1.9:1 priority=3\n time 10.0.1.7:1 priority=1\n time 10.0.1.8:1 priority=2");
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(ask("time A").data(), (Texts{"10.0.1.7", "10.0.1.8", "10.0.1.9"}));
}

TEST_F(ZoneChoice, TheFirstAddressSplitsByWeight) {
  tell(
      "time 10.0.1.1:1 weight=10\n time 10.0.1.2:1 weight=30\n time 10.0.1.3:1 weight=60\n"
      "time 10.0.1.4:1 weight=1000 priority=2");
  const auto table = catalog().table(now);
  std::vector<int> first(3);
  for (int i = 0; i < kAnswers; ++i) ++first.at(first_address(*table) - 1U);
  EXPECT_LT(deviation(first, {0.1, 0.3, 0.6}), 1);
}

TEST_F(ZoneChoice, TheFirstSrvSplitsByWeight) {
  tell("time 10.0.1.1:1 weight=10\n time 10.0.1.2:2 weight=30\n time 10.0.1.3:3 weight=60");
  std::vector<int> first(3);
  for (int i = 0; i < kAnswers / 10; ++i) {
    const std::string record = ask("time SRV").answer.at(0);
    ++first.at(static_cast<std::size_t>(record.at(record.find(" ip-") - 1) - '1'));
  }
  EXPECT_LT(deviation(first, {0.1, 0.3, 0.6}), 1);
}

TEST_F(ZoneChoice, TtlIsTheZonesOrTheCatalogsWhereThatIsLower) {
  tell(
      "low 10.0.1.7:1 ttl=3\n high 10.0.1.8:1 ttl=300\n zero 10.0.1.9:1 ttl=0\n"
      "= web.z. 300 IN A 198.51.100.7\n= nil.z. 0 IN A 198.51.100.7");
  const auto ttl = [this](const std::string& question) {
    const std::string record = support::without_fields(ask(question).answer.at(0), 1);
    return record.substr(0, record.find(' '));
  };
  EXPECT_EQ(ttl("low A"), "3");
  EXPECT_EQ(ttl("low SRV"), "3");
  EXPECT_EQ(ttl("high A"), "5");
  EXPECT_EQ(ttl("zero A"), "0") << "the ECS agent's";
  EXPECT_EQ(ttl("web A"), "5");
  EXPECT_EQ(ttl("nil A"), "0");
}

TEST_F(ZoneChoice, AnInstanceWithoutHostIsNeverAnAddress) {
  tell("time - id=opaque\n time 10.0.1.7:1");
  EXPECT_EQ(ask("time A").data(), Texts{"10.0.1.7"});
  EXPECT_EQ(ask("time SRV").data(), Texts{"1 100 1 ip-10-0-1-7.addr.z."});
}

TEST_F(ZoneChoice, AllRecordsOfASetHaveOneTtl) {
  tell(
      "time host.a:1 priority=1\n time host.b:1 priority=2\n= host.z. 2 IN A 198.51.100.7\n"
      "= set.z. 3 IN A 198.51.100.7\n= set.z. 1 IN A 198.51.100.8");
  targets.known["host.a. A"] = {"198.51.100.9"};
  EXPECT_EQ(ask("set A").answer,
            (Texts{"set.z. 1 IN A 198.51.100.7", "set.z. 1 IN A 198.51.100.8"}))
      << "RFC 2181, 5.2";
  for (const auto& record : ask("time A").answer)
    EXPECT_TRUE(record.starts_with("time.z. 2 IN A ")) << record;
}

TEST_F(ZoneChoice, ATargetsAddressesAreTheZonesOwnFirst) {
  tell("time web.z:1\n= web.z. 3 IN A 198.51.100.7\n= web.z. 3 IN AAAA 2001:db8::7");
  EXPECT_EQ(ask("time SRV").answer, Texts{"time.z. 5 IN SRV 1 100 1 web.z."});
  EXPECT_EQ(ask("time SRV").additional,
            (Texts{"web.z. 3 IN A 198.51.100.7", "web.z. 3 IN AAAA 2001:db8::7"}));
  EXPECT_EQ(ask("time A").answer, Texts{"time.z. 3 IN A 198.51.100.7"});
  EXPECT_TRUE(targets.asked.empty()) << "upstream is for names that the zone does not know";
}

TEST_F(ZoneChoice, ThenThoseOfItsFirstLabelInTheZone) {
  tell("time ip-10-5-10-74.us-west-2.compute.internal:1\n= ip-10-5-10-74.z. 3 IN A 10.5.10.74");
  const ZoneReply reply = ask("time SRV");
  EXPECT_EQ(reply.data(), Texts{"1 100 1 ip-10-5-10-74.us-west-2.compute.internal."})
      << "the target as given";
  EXPECT_EQ(reply.additional, Texts{"ip-10-5-10-74.us-west-2.compute.internal. 3 IN A 10.5.10.74"});
  EXPECT_EQ(ask("time A").data(), Texts{"10.5.10.74"});
  EXPECT_TRUE(targets.asked.empty());
}

TEST_F(ZoneChoice, ThenThoseThatUpstreamSaid) {
  tell("time api.example:443");
  targets.known["api.example. A"] = {"198.51.100.7", "198.51.100.8"};
  targets.known["api.example. AAAA"] = {};
  const ZoneReply reply = ask("time A");
  EXPECT_EQ(reply.verdict, ZoneVerdict::reply);
  EXPECT_EQ(reply.sorted(), (Texts{"198.51.100.7", "198.51.100.8"}));
  EXPECT_EQ(ask("time SRV").additional.size(), 2U);
  const ZoneReply none = ask("time AAAA");
  EXPECT_EQ(none.rcode, Rcode::NOERROR);
  EXPECT_EQ(none.authority.size(), 1U) << "NODATA";
}

TEST_F(ZoneChoice, AddressesWaitForUpstreamAndSrvDoesNot) {
  tell("time api.example:443");
  const ZoneReply addresses = ask("time A");
  EXPECT_EQ(addresses.verdict, ZoneVerdict::resolve);
  EXPECT_EQ(addresses.unresolved, Texts{"api.example. A"});
  const ZoneReply srv = ask("time SRV");
  EXPECT_EQ(srv.verdict, ZoneVerdict::reply);
  EXPECT_EQ(srv.data(), Texts{"1 100 443 api.example."});
  EXPECT_EQ(srv.additional, Texts{});
}

TEST_F(ZoneChoice, AfterTheWaitTheBestThatThereIs) {
  tell("time api.example:443\n time 10.0.1.7:443\n gone api.example:443");
  EXPECT_EQ(ask("time A", {.may_resolve = false}).data(), Texts{"10.0.1.7"});
  const ZoneReply failure = ask("gone A", {.may_resolve = false});
  EXPECT_EQ(failure.rcode, Rcode::SERVFAIL);
  EXPECT_TRUE(failure.extended.starts_with("22 ") || failure.extended.starts_with("23 "))
      << failure.extended;
}

TEST_F(ZoneChoice, SetsGoOutWholeWhenTheyFit) {
  tell(big(300));
  const ZoneReply reply = ask("big SRV", {.room = dns::kMaxMessage, .tcp = true});
  EXPECT_EQ(reply.answer.size(), 300U);
  EXPECT_EQ(reply.additional.size(), 300U);
  EXPECT_FALSE(reply.truncated);
  EXPECT_EQ(ask("big A", {.room = dns::kMaxMessage, .tcp = true}).answer.size(), 300U);
}

TEST_F(ZoneChoice, HasEveryTargetsAddressInALongTcpAnswer) {
  tell(big(600));
  const ZoneReply reply = ask("big SRV", {.room = dns::kMaxMessage, .tcp = true});
  ASSERT_EQ(reply.answer.size(), 600U);
  std::vector<std::string> targets_seen, owners;
  for (const auto& data : reply.data()) targets_seen.push_back(support::without_fields(data, 3));
  for (const auto& record : reply.additional) owners.push_back(record.substr(0, record.find(' ')));
  std::sort(targets_seen.begin(), targets_seen.end());
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  EXPECT_EQ(owners.size(), 600U) << "beyond the reach of pointers too";
  for (const auto& owner : owners)
    EXPECT_TRUE(std::binary_search(targets_seen.begin(), targets_seen.end(), owner)) << owner;
}

TEST_F(ZoneChoice, DropsAddressesBeforeInstances) {
  tell(big(11));
  const ZoneReply roomy = ask("big SRV", {.room = 1232});
  EXPECT_EQ(roomy.answer.size(), 11U);
  EXPECT_EQ(roomy.additional.size(), 11U);
  const ZoneReply tight = ask("big SRV", {.room = 512});
  EXPECT_EQ(tight.answer.size(), 11U);
  EXPECT_LT(tight.additional.size(), 11U);
  EXPECT_FALSE(tight.truncated) << "RFC 2181, 9: TC only when a required set is cut";
}

TEST_F(ZoneChoice, DropsAddressesSetBySet) {
  std::string text = "time many.z:1\n";
  for (int i = 1; i <= 26; ++i) text += "= many.z. 5 IN A 10.0.0." + std::to_string(i) + "\n";
  tell(text + "= many.z. 5 IN AAAA 2001:db8::1");
  const ZoneReply reply = ask("time SRV", {.room = 512});
  std::size_t fours = 0;
  for (const auto& record : reply.additional) fours += record.find(" IN A ") != std::string::npos;
  EXPECT_TRUE(fours == 0 || fours == 26) << fours << ": a set goes whole or not at all";
  EXPECT_FALSE(reply.truncated);
  EXPECT_EQ(ask("time SRV", {.room = 1232}).additional.size(), 27U);
}

TEST_F(ZoneChoice, CutsWithTcWhenTheInstancesDoNotFit) {
  tell(big(100));
  for (const std::size_t room : {512U, 1232U}) {
    const ZoneReply reply = ask("big SRV", {.room = room});
    EXPECT_TRUE(reply.truncated);
    EXPECT_GT(reply.answer.size(), 5U) << "as many as fit";
    EXPECT_GT(reply.wire.size() + 60, room);
    EXPECT_EQ(reply.additional, Texts{});
    const ZoneReply addresses = ask("big A", {.room = room});
    EXPECT_TRUE(addresses.truncated);
    EXPECT_GT(addresses.wire.size() + 16, room);
  }
}

TEST_F(ZoneChoice, CutsRecordSetsWithTcToo) {
  std::string text;
  for (int i = 1; i <= 100; ++i) text += "= many.z. 5 IN A 10.0.0." + std::to_string(i) + "\n";
  tell(text);
  EXPECT_TRUE(ask("many A", {.room = 512}).truncated);
  EXPECT_FALSE(ask("many A", {.room = dns::kMaxMessage, .tcp = true}).truncated);
}

TEST_F(ZoneChoice, MaxAnswersGivesASampleWithoutTc) {
  settings.max_answers = 3;
  tell(big(100));
  for (const char* type : {"SRV", "A"}) {
    const ZoneReply reply = ask("big " + std::string(type), {.room = 512});
    EXPECT_EQ(reply.answer.size(), 3U) << type;
    EXPECT_FALSE(reply.truncated) << type;
  }
}

TEST_F(ZoneChoice, MaxAnswersCountsRecordsNotInstancesOfTheOtherFamily) {
  settings.max_answers = 2;
  tell(
      "time 10.0.1.7:1 priority=1\n time [2001:db8::1]:1 priority=2\n time 10.0.1.8:1 priority=3\n"
      "time 10.0.1.9:1 priority=4");
  EXPECT_EQ(ask("time SRV").answer.size(), 2U);
  EXPECT_EQ(ask("time A").data(), (Texts{"10.0.1.7", "10.0.1.8"}));
}

TEST_F(ZoneChoice, TheSampleIsDrawnByWeight) {
  settings.max_answers = 1;
  tell("time 10.0.1.1:1 weight=10\n time 10.0.1.2:1 weight=90");
  std::vector<int> counted(2);
  for (int i = 0; i < kAnswers / 10; ++i)
    ++counted.at(ask("time A").data().at(0) == "10.0.1.1" ? 0 : 1);
  EXPECT_LT(deviation(counted, {0.1, 0.9}), 1);
}

TEST_F(ZoneChoice, AServiceWithFewerInstancesThanMaxAnswersGivesAll) {
  settings.max_answers = 3;
  tell("time 10.0.1.7:1\n time 10.0.1.8:1");
  EXPECT_EQ(ask("time SRV").answer.size(), 2U);
  EXPECT_EQ(ask("time A").answer.size(), 2U);
}

TEST_F(ZoneChoice, TwoSourcesWithOneHostAndPortAreOneInstance) {
  const SourceId first = catalog().add_listing_source("first");
  const SourceId second = catalog().add_listing_source("second");
  catalog().set_part(second, support::part_of("time 10.0.1.7:1 weight=7\n time 10.0.1.8:1"), now);
  catalog().set_part(first, support::part_of("_time._tcp 10.0.1.7:1 weight=50"), now);
  EXPECT_EQ(ask("time SRV").sorted(),
            (Texts{"1 100 1 ip-10-0-1-8.addr.z.", "1 50 1 ip-10-0-1-7.addr.z."}))
      << "the source configured first describes it, whichever came first";
}

}  // namespace
}  // namespace cache
