#include "dnsd/control/explain_document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/zone_fixture.h"

namespace signpost {
namespace {

using nlohmann::json;

class ExplainDocumentTest : public support::ZoneFixture {
 protected:
  json explain(const std::string& question) {
    const dns::Wire reply = ask(question, {.room = 65535, .tcp = true}).wire;
    return json::parse(
        explain_document({asked.question, catalog().table(now), zone.name, now, reply}));
  }
  json instances(const std::string& question) { return explain(question)["service"]["instances"]; }
};

TEST_F(ExplainDocumentTest, SaysWhatIsAnswered) {
  tell("time 10.0.1.7:8081 weight=50");
  const json told = explain("time SRV");
  EXPECT_EQ(told["question"], json({{"name", "time.z."}, {"type", "SRV"}}));
  EXPECT_EQ(told["from"], "this daemon");
  EXPECT_EQ(told["rcode"], "NOERROR");
  EXPECT_EQ(told["authoritative"], true);
  EXPECT_EQ(told["answer"], json({"time.z. 5 IN SRV 1 50 8081 ip-10-0-1-7.addr.z."}));
  EXPECT_EQ(told["authority"], json::array());
  EXPECT_EQ(told["additional"], json({"ip-10-0-1-7.addr.z. 5 IN A 10.0.1.7"}));
  EXPECT_EQ(told["extended_errors"], json::array());
  EXPECT_EQ(told["fail_open"], false);
}

TEST_F(ExplainDocumentTest, SaysAllOfAnInstance) {
  tell("time 10.0.1.7:8081 id=a version=1.0 weight=50 priority=2 status=healthy");
  explain("time SRV");
  now += dns::Seconds(12);
  const json expected = json::parse(R"({"name": "time", "instances": [{"id": "a", "version": "1.0",
    "host": "10.0.1.7", "port": 8081, "in": true, "priority": 2, "catalog_weight": 50, "weight": 50,
    "health": "healthy", "state": "up", "factor": 1.0, "since": 12, "why": "catalog says healthy", "source": "file",
    "age": 12}]})");
  EXPECT_EQ(explain("time SRV")["service"], expected);
}

TEST_F(ExplainDocumentTest, SaysWhyAnInstanceIsOut) {
  tell(
      "time 10.0.1.1:80\ntime 10.0.1.2:80 status=unhealthy\ntime 10.0.1.3:80 status=draining\ntime "
      "-");
  const json told = instances("time SRV");
  ASSERT_EQ(told.size(), 4U);
  EXPECT_EQ(told[0]["in"], true);
  EXPECT_EQ(told[1]["in"], false);
  EXPECT_FALSE(told[1].contains("weight"));
  EXPECT_EQ(told[1]["factor"], 0.0);
  EXPECT_EQ(told[1]["why"], "others are healthy; catalog says unhealthy");
  EXPECT_EQ(told[2]["why"], "it drains; catalog says draining");
  EXPECT_EQ(told[3]["why"].get<std::string>().substr(0, 19), "it has no address; ");
  EXPECT_FALSE(told[3].contains("host"));
  EXPECT_FALSE(told[3].contains("port"));
}

TEST_F(ExplainDocumentTest, SaysThatItFailsOpen) {
  tell("time 10.0.1.1:80 status=unhealthy\ntime 10.0.1.2:80 status=unhealthy");
  const json told = explain("time SRV");
  EXPECT_EQ(told["fail_open"], true);
  EXPECT_EQ(told["extended_errors"][0]["code"], 0);
  EXPECT_EQ(told["extended_errors"][0]["name"], "Other");
  const json one = told["service"]["instances"][0];
  EXPECT_EQ(one["in"], true);
  EXPECT_EQ(one["why"], "no instance is healthy, so all are given; catalog says unhealthy");
}

TEST_F(ExplainDocumentTest, OneVersionHasItsOwnInstances) {
  tell("time 10.0.1.1:80 version=1.0\ntime 10.0.1.2:80 version=1.1");
  const json told = explain("1.1.time SRV")["service"];
  EXPECT_EQ(told["version"], "1.1");
  ASSERT_EQ(told["instances"].size(), 1U);
  EXPECT_EQ(told["instances"][0]["host"], "10.0.1.2");
}

TEST_F(ExplainDocumentTest, ANameOfOneInstanceIsAboutIt) {
  tell("time 10.0.1.1:80 id=a\ntime 10.0.1.2:80 id=b");
  const json told = instances("b.time SRV");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]["id"], "b");
}

TEST_F(ExplainDocumentTest, AnExplanationIsAboutTheService) {
  tell("time 10.0.1.1:80");
  EXPECT_EQ(instances("_explain.time TXT").size(), 1U);
}

TEST_F(ExplainDocumentTest, AnUnknownNameIsAnNxdomainExplained) {
  tell("time 10.0.1.1:80");
  const json told = explain("nosuch SRV");
  EXPECT_EQ(told["rcode"], "NXDOMAIN");
  EXPECT_EQ(told["answer"], json::array());
  EXPECT_EQ(told["authority"].size(), 1U);
  EXPECT_FALSE(told.contains("service"));
}

TEST_F(ExplainDocumentTest, OldDataSaysWhatIsWrongWithItsSource) {
  tell("time 10.0.1.1:80");
  catalog().set_failure(file(), "status 503");
  catalog().set_old_from(file(), now);
  const json told = explain("time SRV");
  EXPECT_EQ(told["extended_errors"][0]["code"], 3);
  EXPECT_EQ(told["service"]["instances"][0]["stale"], "status 503");
}

TEST_F(ExplainDocumentTest, WithoutAReplyUpstreamMustSay) {
  tell("time 10.0.1.1:80");
  const dns::Question question{dns::Name::from_text("web.example").value(), dns::Type::A};
  const json told =
      json::parse(explain_document({question, catalog().table(now), zone.name, now, {}}));
  EXPECT_EQ(told["from"], "upstream");
  EXPECT_FALSE(told.contains("rcode"));
  EXPECT_FALSE(told.contains("answer"));
}

TEST_F(ExplainDocumentTest, HostileTextStaysJson) {
  tell("time 10.0.1.1:80 id=a\x1b[31m\xff");
  EXPECT_EQ(instances("time SRV")[0]["id"], "a\x1b[31m\xef\xbf\xbd");
  const std::string text =
      explain_document({asked.question, catalog().table(now), zone.name, now, {}});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace signpost
