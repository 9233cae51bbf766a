#include "dnsd/pending_queries.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

namespace signpost {
namespace {

struct Client {
  int address;
  int id;
  bool repeats(const Client& other) const { return address == other.address && id == other.id; }
};

using Pending = PendingQueries<Client>;
using Joined = Pending::Joined;

dns::Question ask(const std::string& name, dns::Type type = dns::Type::A) {
  return {dns::Name::from_text(name).value(), type, dns::Class::IN};
}

class PendingQueriesTest : public testing::Test {
 protected:
  Pending pending{PendingLimits{3, 4, 6}};

  std::map<std::string, Pending::Ticket> tickets;

  Pending::Join join(const std::string& name, Client client, dns::Type type = dns::Type::A) {
    const auto question = ask(name, type);
    auto joined = pending.join(cache::AnswerKey::of(question, false, false), client);
    if (joined.what == Joined::first) tickets[question.name.to_text()] = joined.ticket;
    return joined;
  }
  std::vector<int> finish(const std::string& name) {
    std::vector<int> out;
    pending.finish(tickets.at(name + "."), [&](Client& one) { out.push_back(one.address); });
    return out;
  }
};

TEST_F(PendingQueriesTest, TheFirstAsksAndAllHearInTheOrderTheyCame) {
  EXPECT_EQ(join("web.example", {1, 7}).what, Joined::first);
  EXPECT_EQ(join("WEB.example", {2, 7}).what, Joined::already_asked);
  EXPECT_EQ(join("web.example", {2, 7}).ticket, tickets.at("web.example."));
  EXPECT_EQ(join("web.example", {3, 9}).what, Joined::already_asked);
  EXPECT_EQ(finish("web.example"), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(pending.questions(), 0U);
  EXPECT_EQ(join("web.example", {1, 8}).what, Joined::first);
}

TEST_F(PendingQueriesTest, AQuestionInTheMemoryOfAFinishedOneIsItself) {
  join("a.example", {1, 1});
  finish("a.example");
  EXPECT_EQ(join("b.example", {2, 2}).what, Joined::first);
  EXPECT_EQ(join("a.example", {3, 3}).what, Joined::first);
  EXPECT_NE(tickets.at("a.example."), tickets.at("b.example."));
  EXPECT_EQ(join("b.example", {4, 4}).what, Joined::already_asked);
  EXPECT_EQ(finish("b.example"), (std::vector<int>{2, 4}));
  EXPECT_EQ(finish("a.example"), (std::vector<int>{3}));
}

TEST_F(PendingQueriesTest, OfAFinishedQuestionNobodyIsHeldOnTo) {
  struct Holder {
    std::shared_ptr<int> held;
    bool repeats(const Holder&) const { return false; }
  };
  PendingQueries<Holder> holders{PendingLimits{3, 4, 6}};
  const auto held = std::make_shared<int>(1);
  const auto question = ask("web.example");
  const auto key = cache::AnswerKey::of(question, false, false);
  const auto ticket = holders.join(key, {held}).ticket;
  holders.join(key, {held});
  EXPECT_EQ(held.use_count(), 3);
  holders.finish(ticket, [](Holder&) {});
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(PendingQueriesTest, AClientThatRepeatsIsOneWaiter) {
  join("web.example", {1, 7});
  EXPECT_EQ(join("web.example", {1, 7}).what, Joined::repeated);
  EXPECT_EQ(pending.waiters(), 1U);
  EXPECT_EQ(join("web.example", {1, 8}).what, Joined::already_asked);
  EXPECT_EQ(pending.waiters(), 2U) << "another ID is another query";
}

TEST_F(PendingQueriesTest, TypesAndFlagsAreQuestionsOfTheirOwn) {
  const auto question = ask("web.example");
  EXPECT_EQ(join("web.example", {1, 1}).what, Joined::first);
  EXPECT_EQ(join("web.example", {1, 2}, dns::Type::AAAA).what, Joined::first);
  EXPECT_EQ(pending.join(cache::AnswerKey::of(question, true, false), {1, 3}).what, Joined::first);
}

TEST_F(PendingQueriesTest, TooManyQuestionsAreTurnedAway) {
  join("a.example", {1, 1});
  join("b.example", {1, 2});
  join("c.example", {1, 3});
  EXPECT_EQ(join("d.example", {1, 4}).what, Joined::full);
  finish("a.example");
  EXPECT_EQ(join("d.example", {1, 4}).what, Joined::first);
}

TEST_F(PendingQueriesTest, TheOldestWaiterOfAQuestionGoesFirstAtTheBound) {
  for (int i = 1; i <= 4; ++i) join("web.example", {i, 1});
  const auto joined = join("web.example", {5, 1});
  EXPECT_EQ(joined.what, Joined::already_asked);
  ASSERT_TRUE(joined.shed);
  EXPECT_EQ(joined.shed->address, 1);
  EXPECT_EQ(finish("web.example"), (std::vector<int>{2, 3, 4, 5}));
}

TEST_F(PendingQueriesTest, WaitersAreBoundedInAll) {
  for (int i = 1; i <= 4; ++i) join("a.example", {i, 1});
  for (int i = 1; i <= 2; ++i) join("b.example", {i, 1});
  EXPECT_EQ(pending.waiters(), 6U);
  EXPECT_EQ(join("c.example", {1, 1}).what, Joined::full);
  EXPECT_TRUE(join("b.example", {3, 1}).shed);
  EXPECT_EQ(pending.waiters(), 6U);
  EXPECT_EQ(finish("a.example").size() + finish("b.example").size(), 6U);
  EXPECT_EQ(pending.waiters(), 0U);
}

}  // namespace
}  // namespace signpost
