// "decide on the reply path allocates nothing": counted, for every kind of reply.
#include <gtest/gtest.h>

#include "dnsd/decide.h"
#include "tests/support/allocations.h"
#include "tests/support/records.h"
#include "tests/support/zone_fixture.h"

namespace signpost {
namespace {

using support::message;
using What = Decision::What;

/// A daemon's knowledge, and one query at a time.
class DecideAllocations : public testing::Test {
 protected:
  DecideAllocations() {
    config.zone.name = dns::Name::from_text("z").value();
    settings = make_settings(config, {{*dns::IpAddress::parse("127.0.0.1"), 53}}, {});
    catalog = std::make_unique<cache::Catalog>(config.zone);
    catalog->set_part(catalog->add_listing_source("file"), support::part_of(kCatalog), now);
    remember("web.example. A", {.answer = {"web.example. 60 IN CNAME host.example.",
                                           "host.example. 60 IN A 198.51.100.7"}});
    remember("web.example. AAAA", {.answer = {"web.example. 60 IN AAAA 2001:db8::7"}});
    remember("gone.example. A",
             {.rcode = dns::Rcode::NXDOMAIN,
              .authority = {"example. 60 IN SOA ns.example. admin.example. 1 2 3 4 60"}});
    table = catalog->table(now);
    scratch.fit(*table);
    dns::hash_seed();
  }

  void remember(const std::string& question, const support::Parts& parts) {
    const std::size_t blank = question.find(' ');
    const dns::Question key{dns::Name::from_text(question.substr(0, blank)).value(),
                            *dns::type_from_text(question.substr(blank + 1)), dns::Class::IN};
    answers.insert(cache::AnswerKey::of(key, false, false),
                   cache::stored_form(message(question, parts), dns::Seconds(3600)), now);
  }

  /// The allocations of one decision, which must be a reply with `rcode`.
  std::size_t allocations(const dns::Wire& packet, bool tcp, dns::Rcode rcode) {
    const Client client{*dns::IpAddress::parse("127.0.0.1"), tcp};
    const Knowledge knowledge{*table, settings, answers, random, scratch, now, 1'700'000'000};
    dns::Query query;
    const support::Allocations counted;
    const Decision decision = decide(packet, client, knowledge, {}, query, room);
    const std::size_t count = counted.count();
    EXPECT_EQ(decision.what, What::reply);
    EXPECT_GE(decision.size, dns::kHeaderSize);
    EXPECT_EQ(static_cast<dns::Rcode>(dns::HeaderView{room.data()}.rcode()), rcode);
    return count;
  }

  void expect_none(const std::string& question, dns::Rcode rcode = dns::Rcode::NOERROR) {
    for (const bool edns : {false, true})
      for (const bool tcp : {false, true})
        EXPECT_EQ(allocations(support::query(question, 7, edns), tcp, rcode), 0U)
            << question << (edns ? " EDNS" : "") << (tcp ? " TCP" : "");
  }

  static constexpr const char* kCatalog =
      "time 10.0.1.7:8081 weight=50 id=a version=1.0 url=https://10.0.1.7/a/long/path/of/an/url "
      "rack=a-long-value-of-an-attribute-that-no-small-string-holds\n"
      "time 10.0.1.8:8081 weight=70 id=b version=2.0\n"
      "time [2001:db8:1111:2222:3333:4444:5555:6666]:8081 id=c\n"
      "time web.example:8081 id=d\n"
      "sick 10.0.1.9:8081 status=unhealthy\n"
      "= www.z. 5 IN CNAME real.z.\n"
      "= real.z. 5 IN A 198.51.100.7\n"
      "= *.wild.z. 5 IN TXT \"x\"\n";

  conf::Config config;
  Settings settings;
  std::unique_ptr<cache::Catalog> catalog;
  cache::CatalogSnapshot table;
  cache::AnswerCache answers{1U << 20U};
  cache::AnswerScratch scratch;
  dns::Random random{1};
  dns::Time now{std::chrono::hours(10)};
  dns::Wire room = dns::Wire(dns::kMaxMessage);
};

TEST_F(DecideAllocations, AreCounted) {
  const support::Allocations counted;
  void* volatile by_new = ::operator new(40);  // volatile: or the compiler leaves both out
  void* volatile by_malloc = std::malloc(100);
  ::operator delete(by_new);
  std::free(by_malloc);
  EXPECT_EQ(counted.count(), 2U);
  EXPECT_EQ(counted.bytes(), 140U);
}

TEST_F(DecideAllocations, AreNoneForServices) {
  for (const char* name : {"time.z.", "_time._tcp.z.", "1.0.time.z."})
    for (const char* type : {"SRV", "A", "AAAA", "TXT", "URI", "HTTPS", "TYPE255", "MX"})
      expect_none(name + std::string(" ") + type);
  expect_none("sick.z. SRV");
  expect_none("sick.z. A");
}

TEST_F(DecideAllocations, AreNoneForServiceDiscovery) {
  expect_none("_services._dns-sd._udp.z. PTR");
  expect_none("_time._tcp.z. PTR");
  expect_none("a._time._tcp.z. SRV");
  expect_none("a._time._tcp.z. TXT");
  expect_none("_explain.time.z. TXT");
}

TEST_F(DecideAllocations, AreNoneForTargetsAndTheApex) {
  expect_none("ip-10-0-1-7.addr.z. A");
  expect_none("ip-2001-db8-1111-2222-3333-4444-5555-6666.addr.z. AAAA");
  expect_none("ip-2001-db8-1111-2222-3333-4444-5555-7777.addr.z. AAAA", dns::Rcode::NXDOMAIN);
  expect_none("ip-of-something-else-that-is-no-address.addr.z. A", dns::Rcode::NXDOMAIN);
  expect_none("7.1.0.10.in-addr.arpa. PTR");
  expect_none("z. SOA");
  expect_none("z. NS");
  expect_none("ns.z. A");
}

TEST_F(DecideAllocations, AreNoneForRecords) {
  expect_none("www.z. A");
  expect_none("any.name.wild.z. TXT");
}

TEST_F(DecideAllocations, AreNoneForNegativeAnswers) {
  expect_none("gone.z. A", dns::Rcode::NXDOMAIN);
  expect_none("9.9.time.z. SRV", dns::Rcode::NXDOMAIN);
  expect_none("_tcp.z. A");
  expect_none("sick.z. AAAA");
}

TEST_F(DecideAllocations, AreNoneForWhatIsRemembered) {
  expect_none("web.example. A");
  expect_none("gone.example. A", dns::Rcode::NXDOMAIN);
  expect_none("below.gone.example. AAAA", dns::Rcode::NXDOMAIN);
}

TEST_F(DecideAllocations, AreNoneForNamesThatStayHere) {
  expect_none("localhost. A");
  expect_none("name.onion. A", dns::Rcode::NXDOMAIN);
}

TEST_F(DecideAllocations, AreNoneForRefusals) {
  expect_none("example. AXFR", dns::Rcode::REFUSED);
  dns::Wire broken = support::query("time.z. SRV");
  broken.pop_back();
  EXPECT_EQ(allocations(broken, false, dns::Rcode::FORMERR), 0U);
}

}  // namespace
}  // namespace signpost
