#include "dnsd/signpost/explain_answer.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace signpost::tool {
namespace {

constexpr const char* kDocument = R"({"question":{"name":"time.z.","type":"SRV"},
  "from":"this daemon","rcode":"NOERROR","answer":["time.z. 5 IN SRV 1 150 8081 a.z."],
  "extended_errors":[{"code":3,"name":"Stale Answer","text":"file:a: 9 s old"}],"fail_open":false,
  "service":{"name":"time","instances":[
    {"id":"a","version":"1.0","host":"10.0.1.7","port":8081,"in":true,"priority":1,
     "catalog_weight":300,"weight":150,"health":"healthy","factor":0.5,"since":12,
     "why":"probe is good","source":"file:a","age":9,"stale":"away"},
    {"id":"b","host":"2001:db8::1","port":80,"in":false,"priority":2,"catalog_weight":100,
     "health":"unhealthy","factor":0,"since":3,"why":"others are healthy","source":"file:a","age":9}]}})";

Said said_of(const std::string& document) {
  const auto said = explain_answer(document);
  EXPECT_TRUE(said.ok()) << said.error().message;
  return said.value();
}

TEST(ExplainAnswer, IsATableOfInstances) {
  const auto said = said_of(kDocument);
  EXPECT_EQ(said.status, answered);
  EXPECT_EQ(
      said.text,
      "time.z. SRV: NOERROR, 1 record, from this daemon\n"
      "Stale Answer: file:a: 9 s old\n"
      "\n"
      "INSTANCE  VERSION  PLACE             STATE  PRIORITY  WEIGHT           HEALTH     SINCE"
      "  WHY                 SOURCE\n"
      "a         1.0      10.0.1.7:8081     in     1         150 (300 x 0.5)  healthy    12 s "
      "  probe is good       file:a, 9 s old, stale: away\n"
      "b         -        [2001:db8::1]:80  out    2         - (100 x 0)      unhealthy  3 s  "
      "  others are healthy  file:a, 9 s old\n");
}

TEST(ExplainAnswer, HandsTheDocumentOn) {
  EXPECT_EQ(said_of(kDocument).document, Json::parse(kDocument));
}

TEST(ExplainAnswer, StatusIsAsForALookUp) {
  const std::string head =
      R"({"question":{"name":"a.","type":"SRV"},"from":"this daemon","rcode":)";
  EXPECT_EQ(said_of(head + R"("NXDOMAIN","answer":[]})").status, nothing);
  EXPECT_EQ(said_of(head + R"("NOERROR","answer":[]})").status, nothing);
  EXPECT_EQ(said_of(head + R"("NOERROR","answer":["a. 5 IN SRV 1 1 1 b."]})").status, answered);
  EXPECT_EQ(said_of(head + R"("SERVFAIL","answer":[]})").status, failed);
  const auto upstream = said_of(R"({"question":{"name":"a.","type":"SRV"},"from":"upstream"})");
  EXPECT_EQ(upstream.status, nothing);
  EXPECT_NE(upstream.text.find("upstream must say"), std::string::npos);
}

TEST(ExplainAnswer, SaysThatItFailsOpenAndWhatIsHeld) {
  const auto said = said_of(
      R"({"question":{"name":"a.","type":"SRV"},"from":"this daemon","rcode":"NOERROR",
          "fail_open":true,"service":{"held":"most are gone","instances":[]}})");
  EXPECT_NE(said.text.find("fail open: health is ignored"), std::string::npos) << said.text;
  EXPECT_NE(said.text.find("held: most are gone"), std::string::npos) << said.text;
}

TEST(ExplainAnswer, AnythingElseIsAnError) {
  EXPECT_FALSE(explain_answer("").ok());
  EXPECT_FALSE(explain_answer("<html>").ok());
  EXPECT_FALSE(explain_answer("[]").ok());
  EXPECT_FALSE(explain_answer(R"({"question":[],"from":1})").ok());
  EXPECT_FALSE(explain_answer(std::string(100'000, '[')).ok());
}

TEST(ExplainAnswer, FieldsOfOtherTypesHarmNobody) {
  const auto said = said_of(
      R"({"question":{"name":7,"type":[]},"from":"x\u001b","rcode":"NOERROR","extended_errors":[3],
          "service":{"instances":[5,{"id":{},"port":"\n","weight":1e300,"why":"\u001b[2J"}]}})");
  for (const char c : said.text)
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
}

TEST(ExplainAnswer, OverDnsTheTextsMakeTheTable) {
  const dns::Question question{dns::Name::from_text("_explain.time.z").value(), dns::Type::TXT,
                               dns::Class::IN};
  const auto said = explain_answer(
      question, support::message("_explain.time.z. TXT",
                                 {.answer = {"_explain.time.z. 0 IN TXT \"a in: it is good\"",
                                             "_explain.time.z. 0 IN TXT \"b out: it \" \"drains\"",
                                             "_explain.time.z. 0 IN TXT \"other\""}}));
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said.value().status, answered);
  EXPECT_EQ(said.value().text,
            "_explain.time.z. TXT: NOERROR\n"
            "\n"
            "INSTANCE  STATE  WHY\n"
            "a         in     it is good\n"
            "b         out    it drains\n"
            "-         -      other\n");
  const Json expected{{"id", "b"}, {"in", false}, {"why", "it drains"}};
  EXPECT_EQ(said.value().document["service"]["instances"][1], expected);
}

TEST(ExplainAnswer, OverDnsNoSuchNameIsOne) {
  const dns::Question question{dns::Name::from_text("_explain.n.z").value(), dns::Type::TXT,
                               dns::Class::IN};
  const auto said = explain_answer(
      question, support::message("_explain.n.z. TXT", {.rcode = dns::Rcode::NXDOMAIN}));
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said.value().status, nothing);
}

}  // namespace
}  // namespace signpost::tool
