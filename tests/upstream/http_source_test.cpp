#include "upstream/http_source.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_http.h"

namespace upstream {
namespace {

class HttpSourceTest : public ::testing::Test {
 protected:
  support::FakeClock clock;
  support::FakeHttp http;
  std::unique_ptr<HttpSource> source;
  std::vector<LookupOutcome> outcomes;

  HttpSourceTest() {
    conf::Catalog catalog;
    catalog.type = conf::Catalog::Type::http;
    catalog.url = "http://c.example";
    catalog.timeout = dns::Milliseconds(700);
    source = std::make_unique<HttpSource>(catalog, http, clock);
  }

  void ask(const LookupKey& key) {
    source->ask(key, [this](LookupOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }
};

const LookupKey kCalc{"calc", "1.0"};

TEST_F(HttpSourceTest, AsksForJsonWithinTheConfiguredTime) {
  ask(kCalc);
  ASSERT_EQ(http.requests.size(), 1U);
  EXPECT_EQ(http.requests[0].url, "http://c.example/catalog/calc/1.0");
  EXPECT_EQ(http.requests[0].headers, std::vector<std::string>{"Accept: application/json"});
  EXPECT_EQ(http.requests[0].timeout, dns::Milliseconds(700));
}

TEST_F(HttpSourceTest, ReadsTheReply) {
  ask(kCalc);
  http.reply(200, R"({"endpoint_url":"http://10.0.0.1:81/x","ttl":300,"status":"healthy"})");
  ASSERT_EQ(outcomes.size(), 1U);
  const auto& found = std::get<Found>(outcomes[0]);
  EXPECT_EQ(found.ttl, 300U);
  EXPECT_EQ(found.service.name, "calc");
  EXPECT_EQ(found.service.instances.at(0).port, 81);
}

TEST_F(HttpSourceTest, SaysWhatIsAbsent) {
  ask(kCalc);
  http.reply(404, R"({"error_message":"Service Not Found"})");
  EXPECT_TRUE(std::holds_alternative<Absent>(outcomes.at(0)));
}

TEST_F(HttpSourceTest, TellsAnErrorStatusFromNoConnection) {
  ask(kCalc);
  http.reply(503, "");
  ask(kCalc);
  http.answer(net::HttpFailure{false, "connection refused"});
  ask(kCalc);
  http.answer(net::HttpFailure{true, "timed out"});
  EXPECT_TRUE(std::get<Unavailable>(outcomes.at(0)).connected);
  EXPECT_FALSE(std::get<Unavailable>(outcomes.at(1)).connected);
  EXPECT_EQ(std::get<Unavailable>(outcomes.at(1)).why, "connection refused");
  EXPECT_TRUE(std::get<Unavailable>(outcomes.at(2)).connected);
}

TEST_F(HttpSourceTest, AStrangeNameIsAbsentAndNeverSent) {
  ask({"a\"b", "1.0"});
  EXPECT_TRUE(outcomes.empty()) << "done was called before ask() returned";
  clock.settle();
  EXPECT_TRUE(std::holds_alternative<Absent>(outcomes.at(0)));
  EXPECT_TRUE(http.requests.empty());
}

TEST_F(HttpSourceTest, IsSilentOnceDestroyed) {
  ask(kCalc);
  ask({"a\"b", "1.0"});
  source.reset();
  clock.settle();
  EXPECT_TRUE(http.waiting.empty());
  EXPECT_TRUE(outcomes.empty());
}

TEST_F(HttpSourceTest, MayBeDestroyedInItsOwnAnswer) {
  bool heard = false;
  source->ask(kCalc, [&](const LookupOutcome&) {
    source.reset();
    heard = true;
  });
  ask(kCalc);
  http.reply(404, "");
  EXPECT_TRUE(heard);
  EXPECT_TRUE(http.waiting.empty());
}

}  // namespace
}  // namespace upstream
