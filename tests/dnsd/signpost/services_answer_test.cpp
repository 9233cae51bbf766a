#include "dnsd/signpost/services_answer.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace signpost::tool {
namespace {

TEST(ServiceRows, WhatTheDaemonSeesOutweighsTheCatalogsWord) {
  const auto rows = service_rows(R"({"services":[{"name":"time","instances":[
      {"id":"a","weight":1,"status":"healthy","health":"out"},
      {"id":"b","weight":1,"status":"unhealthy","health":"ramping"},
      {"id":"c","weight":1,"status":"draining","health":"ramping"},
      {"id":"d","weight":1,"status":"healthy"}]}]})");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows.value().size(), 1U);
  EXPECT_EQ(rows.value()[0].instances, 4U);
  EXPECT_EQ(rows.value()[0].healthy, 2U);
}

TEST(ServicesAnswer, HasARowForEachVersionOfEachService) {
  const auto rows = service_rows(R"({"format":1,"services":[
    {"name":"time","instances":[{"id":"a","weight":300,"status":"healthy"},
                                {"id":"b","weight":100,"status":"unhealthy"},
                                {"id":"c","weight":50,"status":"draining"},
                                {"id":"d","weight":7,"status":"unknown"}]},
    {"name":"calc","instances":[{"id":"a","version":"1.1","weight":1,"status":"healthy"},
                                {"id":"b","version":"1.0","weight":2,"status":"healthy"}]},
    {"name":"_empty._tcp","instances":[]}]})");
  ASSERT_TRUE(rows.ok());
  const auto said = services_answer(rows.value());
  EXPECT_EQ(said.status, answered);
  EXPECT_EQ(said.text,
            "SERVICE  VERSION  INSTANCES  HEALTHY  WEIGHT\n"
            "calc     1.0      1          1        2\n"
            "calc     1.1      1          1        1\n"
            "empty    -        0          0        0\n"
            "time     -        4          2        307\n");
  EXPECT_EQ(said.document["services"][3], Json({{"service", "time"},
                                                {"version", ""},
                                                {"instances", 4},
                                                {"healthy", 2},
                                                {"weight", 307}}));
}

TEST(ServicesAnswer, AnythingElseIsAnError) {
  EXPECT_FALSE(service_rows("").ok());
  EXPECT_FALSE(service_rows("{}").ok());
  EXPECT_FALSE(service_rows("[]").ok());
  EXPECT_FALSE(service_rows(R"({"services":{"a":1}})").ok());
}

TEST(ServicesAnswer, FieldsOfOtherTypesHarmNobody) {
  const auto rows = service_rows(R"({"services":[3,{"name":[],"instances":[
    {"weight":-1,"version":"\u001b[2J","status":5},{"weight":1e300}]}]})");
  ASSERT_TRUE(rows.ok());
  const std::string text = services_answer(rows.value()).text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ServicesAnswer, OverDnsVersionsAndHealthStandInTxt) {
  auto rows = service_rows(
      "time",
      support::message(
          "time.z. TXT",
          {.answer = {
               "time.z. 5 IN TXT \"id=a\" \"version=1.0\" \"status=healthy\"",
               "time.z. 5 IN TXT \"id=b\" \"version=1.0\" \"status=unhealthy\" \"version=9\"",
               "time.z. 5 IN TXT \"id=c\" \"status=draining\""}}));
  ASSERT_EQ(rows.size(), 2U);
  rows[1].weight = 5;
  EXPECT_EQ(services_answer(rows).text,
            "SERVICE  VERSION  INSTANCES  HEALTHY  WEIGHT\n"
            "time     -        1          0        -\n"
            "time     1.0      2          1        5\n");
}

TEST(ServicesAnswer, WeightsOverDnsAreThoseThatGoOut) {
  EXPECT_EQ(weight_in(support::message("t.z. SRV", {.answer = {"t.z. 5 IN SRV 1 3 80 a.z.",
                                                               "t.z. 5 IN SRV 2 4 80 a.z."}})),
            7U);
}

}  // namespace
}  // namespace signpost::tool
