#include "dnsd/listing.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/fake_host_resolver.h"
#include "tests/support/fake_http.h"
#include "tests/support/loop_fixture.h"
#include "upstream/signpost_source.h"

namespace signpost {
namespace {

using Tables = std::vector<std::string>;

/// The reader of a relay, whose replies a test gives.
class ListingTest : public support::LoopTest {
 protected:
  support::FakeHttp http;
  support::FakeHostResolver resolver;
  conf::Config config;
  cache::Catalog catalog{config.zone};
  Tables published;  // of each table whether its data is old, and the services
  SourceHome home{
      {loop, config, [this]() -> net::HttpClient& { return http; },
       []() -> upstream::AwsAccess& { throw std::logic_error("no AWS"); }, "us", resolver},
      catalog,
      [this] { note(); }};
  conf::Catalog relay;

  ListingTest() {
    relay.type = conf::Catalog::Type::signpost;
    relay.name = "relay";
    relay.url = "http://r:5380";
  }

  void note() {
    const auto table = catalog.table(loop.now());
    published.emplace_back(loop.now() >= table->old_from() ? "old" : "fresh");
    published.back() += ' ' + std::to_string(table->services());
  }
  void found(const std::string& sources, const std::string& services) {
    http.answer(net::HttpReply{200,
                               R"({"format":1,"zone":"servicediscovery.internal.","sources":[)" +
                                   sources + R"(],"services":[)" + services + "]}",
                               {{"etag", "\"1\""}, {"signpost-id", "relay"}}});
    run_for(upstream::kRelayPause + dns::Milliseconds(20));
  }
};

std::string service(const std::string& name) {
  return R"({"name":")" + name + R"(","instances":[{"id":"a","host":"10.0.0.1","source":0}]})";
}

TEST_F(ListingTest, ARelayInTroubleIsOldInEveryTable) {
  Listing listing(home, relay);
  listing.begin();
  found(R"({"name":"f"})", service("time"));
  EXPECT_EQ(published, Tables{"fresh 1"});
  published.clear();
  const std::string stale = R"({"name":"f","stale":true})";
  found(stale, service("time") + "," + service("web"));
  found(stale, service("time"));
  EXPECT_EQ(published, (Tables{"old 2", "old 1"}));
  EXPECT_TRUE(listing.report().stale);
  EXPECT_EQ(listing.failure(), "http://r:5380: its source f is away");
  found(R"({"name":"f"})", service("time"));
  EXPECT_EQ(published.back(), "fresh 1");
  EXPECT_EQ(listing.failure(), "");
}

}  // namespace
}  // namespace signpost
