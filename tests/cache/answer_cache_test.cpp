#include "cache/answer_cache.h"

#include <gtest/gtest.h>

#include "cache/answer_entry.h"
#include "dnsd/dns/codes.h"
#include "tests/support/records.h"

namespace cache {
namespace {

using namespace std::chrono_literals;
using support::message;

constexpr std::size_t kMiB = 1U << 20U;
const std::string kSoa = "example. 300 IN SOA ns.example. admin.example. 1 2 3 4 300";

dns::Question ask(const std::string& name, dns::Type type = dns::Type::A) {
  return {dns::Name::from_text(name).value(), type, dns::Class::IN};
}

class AnswerCacheTest : public testing::Test {
 protected:
  void keep(const std::string& name, const support::Parts& parts, dns::Type type = dns::Type::A) {
    const auto question = ask(name, type);
    const auto wire = message(name + " " + dns::to_text(type), parts);
    answers.insert(AnswerKey::of(question, false, false), stored_form(wire, 86400s), now);
  }
  /// What a look-up finds: the message, or nothing.
  dns::Wire look_up(const std::string& name, dns::Type type = dns::Type::A) {
    const auto question = ask(name, type);
    dns::Wire room(dns::kMaxMessage);
    const Lookup found = answers.copy(AnswerKey::of(question, false, false), now, room, last);
    room.resize(found == Lookup::hit ? last.size : 0);
    return room;
  }
  HostAddresses addresses(const std::string& name, dns::Type type = dns::Type::A) {
    const auto question = ask(name, type);
    return answers.addresses(AnswerKey::of(question, false, false), now);
  }

  AnswerCache answers{8 * kMiB};
  dns::Time now{1000s};
  CachedAnswer last;
};

TEST_F(AnswerCacheTest, FindsAnAnswerUntilItsTtlRunsOut) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 10s;
  EXPECT_EQ(support::answers_of(look_up("WEB.example"))[0], "web.example. 50 IN A 198.51.100.7");
  EXPECT_EQ(last.age, 10U);
  EXPECT_EQ(last.ttl, 50U);
  now += 49s;
  EXPECT_EQ(support::answers_of(look_up("web.example"))[0], "web.example. 1 IN A 198.51.100.7");
  now += 1s;
  EXPECT_TRUE(look_up("web.example").empty());
  EXPECT_EQ(answers.entries(), 0U)
      << "without a stale time an expired entry is dropped when looked up";
}

TEST_F(AnswerCacheTest, KeepsTypesClassesAndFlagsApart) {
  const auto question = ask("web.example");
  const auto form = stored_form(
      message("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"}}), 60s);
  answers.insert(AnswerKey::of(question, true, false), form, now);
  dns::Wire room(512);
  EXPECT_EQ(answers.copy(AnswerKey::of(question, true, false), now, room, last), Lookup::hit);
  EXPECT_EQ(answers.copy(AnswerKey::of(question, false, false), now, room, last), Lookup::miss);
  EXPECT_EQ(answers.copy(AnswerKey::of(question, true, true), now, room, last), Lookup::miss);
  const auto other = ask("web.example", dns::Type::TXT);
  EXPECT_EQ(answers.copy(AnswerKey::of(other, true, false), now, room, last), Lookup::miss);
}

TEST_F(AnswerCacheTest, SaysHowMuchRoomALongAnswerNeeds) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  const auto question = ask("web.example");
  dns::Wire room(20);
  EXPECT_EQ(answers.copy(AnswerKey::of(question, false, false), now, room, last), Lookup::no_room);
  room.resize(last.size);
  EXPECT_EQ(answers.copy(AnswerKey::of(question, false, false), now, room, last), Lookup::hit);
}

TEST_F(AnswerCacheTest, ANewerAnswerTakesTheOldOnesPlace) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  keep("web.example.", {.answer = {"web.example. 90 IN A 198.51.100.8"}});
  EXPECT_EQ(support::answers_of(look_up("web.example"))[0], "web.example. 90 IN A 198.51.100.8");
  EXPECT_EQ(answers.entries(), 1U);
}

TEST_F(AnswerCacheTest, NeverKeepsATtlOfZero) {
  keep("web.example.", {.answer = {"web.example. 0 IN A 198.51.100.7"}});
  EXPECT_EQ(answers.entries(), 0U);
}

TEST_F(AnswerCacheTest, AnNxdomainAnswersAllTypesOfItsName) {
  keep("no.example.", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa}});
  now += 100s;
  const auto wire = look_up("no.example", dns::Type::MX);
  ASSERT_FALSE(wire.empty());
  EXPECT_EQ(support::question_of(wire), "no.example. MX");
  EXPECT_EQ(support::authorities_of(wire)[0],
            "example. 200 IN SOA ns.example. admin.example. 1 2 3 4 300");
}

TEST_F(AnswerCacheTest, AnNxdomainCoversTheNamesBelowIt) {
  keep("no.example.", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa}});
  const auto wire = look_up("deep.below.no.example", dns::Type::AAAA);
  ASSERT_FALSE(wire.empty());
  EXPECT_EQ(support::question_of(wire), "deep.below.no.example. AAAA");
  EXPECT_EQ(support::authorities_of(wire)[0], kSoa);
  EXPECT_TRUE(look_up("yes.example").empty());
  EXPECT_TRUE(look_up("xno.example").empty());
}

TEST_F(AnswerCacheTest, AnNxdomainDoesNotCoverNamesThatOtherServersAnswerFor) {
  keep("corp.",
       {.rcode = dns::Rcode::NXDOMAIN, .authority = {". 300 IN SOA ns. admin. 1 2 3 4 300"}});
  EXPECT_FALSE(look_up("host.lab.corp").empty());
  answers.set_cuts({ask("lab.corp").name});
  EXPECT_TRUE(look_up("host.lab.corp").empty());
  EXPECT_TRUE(look_up("lab.corp").empty());
  EXPECT_FALSE(look_up("host.corp").empty());
  EXPECT_FALSE(look_up("corp", dns::Type::MX).empty());
}

TEST_F(AnswerCacheTest, ANodataCoversNothingBelow) {
  keep("ent.example.", {.authority = {kSoa}});
  EXPECT_TRUE(look_up("below.ent.example").empty());
  EXPECT_TRUE(look_up("ent.example", dns::Type::AAAA).empty());
}

TEST_F(AnswerCacheTest, AnNxdomainAtTheEndOfACnameSpeaksOfItsQuestionOnly) {
  keep("alias.example.", {.rcode = dns::Rcode::NXDOMAIN,
                          .answer = {"alias.example. 60 IN CNAME no.example."},
                          .authority = {kSoa}});
  EXPECT_FALSE(look_up("alias.example").empty());
  EXPECT_TRUE(look_up("alias.example", dns::Type::TXT).empty());
  EXPECT_TRUE(look_up("below.alias.example").empty());
}

TEST_F(AnswerCacheTest, GivesTheAddressesThatAHostsCnamesLeadTo) {
  keep("host.example.",
       {.answer = {"host.example. 60 IN CNAME real.example.", "real.example. 30 IN A 198.51.100.7",
                   "real.example. 30 IN A 198.51.100.8", "stray.example. 30 IN A 203.0.113.66"}});
  now += 10s;
  const auto found = addresses("host.example");
  EXPECT_EQ(found.known, HostAddresses::Known::some);
  EXPECT_EQ(found.ttl, 20U);
  ASSERT_EQ(found.count, 2U);
  EXPECT_EQ(found.addresses[0].to_text(), "198.51.100.7");
  EXPECT_EQ(found.addresses[1].to_text(), "198.51.100.8");
}

TEST_F(AnswerCacheTest, TellsAHostWithoutAddressesFromAnUnknownOne) {
  keep("six.example.", {.authority = {kSoa}});
  keep("no.example.", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa}});
  EXPECT_EQ(addresses("six.example").known, HostAddresses::Known::none);
  EXPECT_EQ(addresses("no.example", dns::Type::AAAA).known, HostAddresses::Known::none);
  EXPECT_EQ(addresses("six.example", dns::Type::AAAA).known, HostAddresses::Known::no);
  now += 300s;
  EXPECT_EQ(addresses("six.example").known, HostAddresses::Known::no);
}

TEST_F(AnswerCacheTest, ErasesAllTypesOfAName) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  keep("web.example.", {.answer = {"web.example. 60 IN TXT \"x\""}}, dns::Type::TXT);
  keep("www.example.", {.answer = {"www.example. 60 IN A 198.51.100.7"}});
  EXPECT_EQ(answers.erase(ask("web.example").name.view()), 2U);
  EXPECT_TRUE(look_up("web.example").empty());
  EXPECT_FALSE(look_up("www.example").empty());
}

TEST_F(AnswerCacheTest, StaysWithinItsBytes) {
  answers.set_limit(kMiB);
  for (int i = 0; i < 20000; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example.";
    keep(name, {.answer = {name + " 60 IN A 198.51.100.7"}});
    ASSERT_LE(answers.size_bytes(), kMiB);
  }
  EXPECT_GT(answers.entries(), 5000U);
  EXPECT_EQ(answers.counters().inserts, 20000U);
  EXPECT_EQ(answers.counters().evictions, 20000U - answers.entries());
}

TEST_F(AnswerCacheTest, WhatIsAskedForStaysWhenRoomIsNeeded) {
  answers.set_limit(kMiB);
  for (int i = 0; i < 20000; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example.";
    keep(name, {.answer = {name + " 60 IN A 198.51.100.7"}});
    ASSERT_FALSE(look_up("n0.example").empty()) << "after " << i;
  }
}

TEST_F(AnswerCacheTest, ExpiredEntriesGoFirst) {
  AnswerCache small(64 * 1024);
  const auto insert = [&](int i, int ttl) {
    const std::string name = "n" + std::to_string(i) + ".example.";
    const auto question = ask(name);
    const auto form = stored_form(
        message(name + " A", {.answer = {name + " " + std::to_string(ttl) + " IN A 198.51.100.7"}}),
        86400s);
    small.insert(AnswerKey::of(question, false, false), form, now);
    dns::Wire room(512);
    small.copy(AnswerKey::of(question, false, false), now, room, last);
  };
  insert(0, 5);
  insert(1, 5000);
  now += 6s;
  for (int i = 2; small.counters().evictions == 0; ++i) insert(i, 5000);
  dns::Wire room(512);
  const auto kept = ask("n1.example");
  EXPECT_EQ(small.copy(AnswerKey::of(kept, false, false), now, room, last), Lookup::hit);
}

TEST_F(AnswerCacheTest, AShrunkLimitEvictsAtOnce) {
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "n" + std::to_string(i) + ".example.";
    keep(name, {.answer = {name + " 60 IN A 198.51.100.7"}});
  }
  answers.set_limit(256 * 1024);
  EXPECT_LE(answers.size_bytes(), 256U * 1024);
}

TEST_F(AnswerCacheTest, AnEntryCostsAtMost56BytesBesideItsWireAndItsTtlPlaces) {
  for (std::size_t wire = 30; wire < 600; ++wire) {
    const std::size_t rounding = 15;
    EXPECT_LE(AnswerEntry::footprint(wire, 3), wire + 3 * 2 + 56 + rounding);
  }
}

TEST_F(AnswerCacheTest, ALimitOfZeroKeepsNothing) {
  answers.set_limit(0);
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  EXPECT_EQ(answers.entries(), 0U);
  EXPECT_EQ(answers.size_bytes(), 0U);
}

TEST_F(AnswerCacheTest, CountsHitsAndMisses) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  look_up("web.example");
  look_up("web.example");
  look_up("www.example");
  EXPECT_EQ(answers.counters().hits, 2U);
  EXPECT_EQ(answers.counters().misses, 1U);
}

}  // namespace
}  // namespace cache
