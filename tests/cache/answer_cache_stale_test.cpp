#include <gtest/gtest.h>

#include "cache/answer_cache.h"
#include "dnsd/dns/codes.h"
#include "tests/support/records.h"

namespace cache {
namespace {

using namespace std::chrono_literals;
using support::message;

const std::string kSoa = "example. 300 IN SOA ns.example. admin.example. 1 2 3 4 300";

dns::Question ask(const std::string& name, dns::Type type = dns::Type::A) {
  return {dns::Name::from_text(name).value(), type, dns::Class::IN};
}

class StaleAnswers : public testing::Test {
 protected:
  StaleAnswers() { answers.set_rules({.stale_for = 3600s, .prefetch = true}); }

  void keep(const std::string& name, const support::Parts& parts) {
    const auto question = ask(name);
    answers.insert(AnswerKey::of(question, false, false),
                   stored_form(message(name + " A", parts), 86400s), now);
  }
  Lookup look_up(const std::string& name) {
    const auto question = ask(name);
    last = {};
    return answers.copy(AnswerKey::of(question, false, false), now, room, last);
  }
  dns::Wire stale(const std::string& name) {
    const auto question = ask(name);
    last = {};
    const auto found = answers.copy_stale(AnswerKey::of(question, false, false), now, room, last);
    return found == Lookup::hit
               ? dns::Wire(room.begin(), room.begin() + static_cast<long>(last.size))
               : dns::Wire();
  }

  AnswerCache answers{8U << 20U};
  dns::Time now{1000s};
  dns::Wire room = dns::Wire(dns::kMaxMessage);
  CachedAnswer last;
};

TEST_F(StaleAnswers, AreAMissThatSaysSoAndHaveATtlOf30) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 100s;
  EXPECT_EQ(look_up("web.example"), Lookup::miss);
  EXPECT_TRUE(last.has_stale);
  EXPECT_EQ(support::answers_of(stale("web.example"))[0], "web.example. 30 IN A 198.51.100.7");
  EXPECT_TRUE(last.stale);
  EXPECT_EQ(last.age, 100U);
  EXPECT_EQ(answers.counters().stale, 1U);
}

TEST_F(StaleAnswers, AreGoneWhenTheirTimeIsOver) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 3659s;
  EXPECT_FALSE(stale("web.example").empty());
  now += 1s;
  EXPECT_TRUE(stale("web.example").empty());
  EXPECT_EQ(look_up("web.example"), Lookup::miss);
  EXPECT_FALSE(last.has_stale);
  EXPECT_EQ(answers.entries(), 0U);
}

TEST_F(StaleAnswers, WhatWasHeardLastCounts) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 100s;
  keep("web.example.", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa}});
  now += 400s;
  EXPECT_EQ(dns::HeaderView{stale("web.example").data()}.rcode(), 3);
  now += 1s;
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.8"}});
  now += 100s;
  EXPECT_EQ(support::answers_of(stale("web.example"))[0], "web.example. 30 IN A 198.51.100.8");
}

TEST_F(StaleAnswers, MayHaveBeenHeardBeforeTheMachineStarted) {
  now = dns::Time(5s);
  const auto question = ask("web.example");
  const auto form = stored_form(
      message("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"}}), 86400s);
  answers.insert(AnswerKey::of(question, false, false), form, now - 600s);
  EXPECT_FALSE(stale("web.example").empty());
}

TEST_F(StaleAnswers, AnAnswerThatIsNotKeptEndsThemAllTheSame) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 100s;
  keep("web.example.", {.answer = {"web.example. 0 IN A 198.51.100.8"}});
  EXPECT_TRUE(stale("web.example").empty());
}

TEST_F(StaleAnswers, ANameThatIsThereIsNoLongerDenied) {
  keep("web.example.", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa}});
  now += 400s;
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.8"}});
  const auto other = ask("web.example", dns::Type::AAAA);
  EXPECT_EQ(answers.copy_stale(AnswerKey::of(other, false, false), now, room, last), Lookup::miss);
}

TEST_F(StaleAnswers, AStaleDenialSpeaksOfItsOwnNameOnly) {
  keep("no.example.", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa}});
  now += 400s;
  EXPECT_EQ(look_up("below.no.example"), Lookup::miss);
  EXPECT_FALSE(last.has_stale);
  EXPECT_TRUE(stale("below.no.example").empty());
}

TEST_F(StaleAnswers, GiveAddressesOnlyWhereTheyWillDo) {
  keep("host.example.", {.answer = {"host.example. 60 IN A 198.51.100.7"}});
  now += 100s;
  const auto question = ask("host.example");
  const auto key = AnswerKey::of(question, false, false);
  EXPECT_EQ(answers.addresses(key, now).known, HostAddresses::Known::no);
  const auto found = answers.addresses(key, now, true);
  ASSERT_EQ(found.count, 1U);
  EXPECT_EQ(found.ttl, kStaleTtl);
}

TEST_F(StaleAnswers, PrefetchIsToldOnceInTheLastTenth) {
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 53s;
  EXPECT_EQ(look_up("web.example"), Lookup::hit);
  EXPECT_FALSE(last.prefetch);
  now += 1s;
  EXPECT_EQ(look_up("web.example"), Lookup::hit);
  EXPECT_TRUE(last.prefetch);
  EXPECT_EQ(look_up("web.example"), Lookup::hit);
  EXPECT_FALSE(last.prefetch) << "once for each entry";
}

TEST_F(StaleAnswers, NoPrefetchWhereItIsOff) {
  answers.set_rules({.stale_for = 3600s, .prefetch = false});
  keep("web.example.", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  now += 59s;
  EXPECT_EQ(look_up("web.example"), Lookup::hit);
  EXPECT_FALSE(last.prefetch);
}

}  // namespace
}  // namespace cache
