#include "upstream/relay_document.h"

#include <gtest/gtest.h>

#include "tests/support/documents.h"

namespace upstream {
namespace {

dns::Result<RelayDocument> read(const std::string& text) {
  return read_relay_document(text, support::document("http://r/v1/services"));
}
std::string error_in(const std::string& text) {
  const auto document = read(text);
  return document.ok() ? "" : document.error().message;
}
/// A document with these services and records, of one source.
std::string with(const std::string& services, const std::string& records = "") {
  return R"({"format":1,"sources":[{"name":"f"}],"services":[)" + services + R"(],"records":[)" +
         records + "]}";
}
/// One with a single instance of these keys.
std::string with_instance(const std::string& keys) {
  return with(R"({"name":"time","instances":[{)" + keys + "}]}");
}
cache::Instance instance_of(const std::string& keys) {
  const auto document = read(with_instance(keys));
  if (!document.ok()) throw std::runtime_error(document.error().message);
  return document.value().part.services.at(0).instances.at(0);
}

TEST(RelayDocument, ReadsSources) {
  const auto document = read(R"({"format":1,"zone":"ServiceDiscovery.internal.","sources":[
    {"name":"file:a","age":12},
    {"name":"s > e","via":["c","b"],"loaded":false,"stale":true,"failure":"refused"}]})");
  ASSERT_TRUE(document.ok()) << document.error().message;
  const auto& sources = document.value().sources;
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].name, "file:a");
  EXPECT_TRUE(sources[0].loaded);
  EXPECT_FALSE(sources[0].stale);
  EXPECT_EQ(sources[1].via, (std::vector<std::string>{"c", "b"}));
  EXPECT_FALSE(sources[1].loaded);
  EXPECT_TRUE(sources[1].stale);
  EXPECT_EQ(sources[1].failure, "refused");
}

TEST(RelayDocument, ReadsWhatIsGone) {
  const auto document =
      read(R"({"format":1,"sources":[{"name":"f"}],"services":[],"gone":["time","_Web._tcp"]})");
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document.value().gone, (std::vector<std::string>{"time", "_Web._tcp"}));
  EXPECT_TRUE(read(with("")).value().gone.empty());
}

TEST(RelayDocument, WhatIsGoneIsNoNumberAndNoServiceOfIt) {
  EXPECT_NE(error_in(R"({"format":1,"gone":[1]})").find("expected text"), std::string::npos);
  EXPECT_NE(error_in(R"({"format":1,"gone":[""]})").find("service name"), std::string::npos);
  std::string many;
  for (std::size_t i = 0; i <= kMostGone; ++i)
    many += (i == 0 ? "\"a" : ",\"a") + std::to_string(i) + '"';
  EXPECT_NE(error_in(R"({"format":1,"gone":[)" + many + "]}").find("expected at most 10000"),
            std::string::npos);
  const std::string both =
      error_in(R"({"format":1,"services":[{"name":"Time","instances":[]}],"gone":["time"]})");
  EXPECT_NE(both.find("expected what is gone not among the services, found 'time'"),
            std::string::npos)
      << both;
}

TEST(RelayDocument, ReadsAllOfAnInstance) {
  const auto got = instance_of(
      R"("id":"t","version":"1.0","host":"10.0.1.7","port":80,"priority":2,"weight":0,
         "status":"draining","url":"http://x/","attributes":{"host":"h","port":"9","rack":"b7"},"source":0)");
  cache::Instance expected;
  expected.id = "t";
  expected.version = "1.0";
  expected.host = "10.0.1.7";
  expected.port = 80;
  expected.priority = 2;
  expected.weight = 0;
  expected.status = cache::Status::draining;
  expected.status_text = "draining";
  expected.url = "http://x/";
  expected.attributes = {{"host", "h"}, {"port", "9"}, {"rack", "b7"}};
  expected.origin = 1;
  EXPECT_EQ(got, expected);
}

TEST(RelayDocument, ReadsWhyAServiceIsHeldAndByWhom) {
  const auto read_held =
      read(with(R"({"name":"time","held":"9 of\n10 would go","held_by":0,"instances":[]})"));
  ASSERT_TRUE(read_held.ok()) << read_held.error().message;
  const cache::Service& time = read_held.value().part.services.at(0);
  EXPECT_EQ(time.held, "9 of?10 would go");
  EXPECT_EQ(time.held_origin, 1);
  EXPECT_NE(error_in(with(R"({"name":"time","held_by":1})")), "");
}

TEST(RelayDocument, TheCatalogsOwnWordStandsBesideTheStatus) {
  const auto odd = instance_of(R"("id":"t","status":"unknown","status_text":"ODD")");
  EXPECT_EQ(odd.status, cache::Status::unknown);
  EXPECT_EQ(odd.status_text, "ODD");
  EXPECT_EQ(instance_of(R"("id":"t","status":"unknown","status_text":"")").status_text, "");
}

TEST(RelayDocument, AnInstanceNeedsNoAddress) {
  const auto got = instance_of(R"("id":"opaque","url":"notarealurl1","source":0)");
  EXPECT_EQ(got.host, "");
  EXPECT_EQ(got.port, 0);
}

TEST(RelayDocument, ReadsRecords) {
  const auto document = read(with("", R"({"name":"*.Web.servicediscovery.internal.","type":"A",
    "ttl":60,"data":"0a0000FF","source":0},
    {"name":"x.servicediscovery.internal.","type":"TYPE65280","ttl":0,"data":"","source":0})"));
  ASSERT_TRUE(document.ok()) << document.error().message;
  const auto& records = document.value().part.records;
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].owner.to_text(), "*.web.servicediscovery.internal.");
  EXPECT_EQ(records[0].rdata, (std::vector<std::uint8_t>{10, 0, 0, 255}));
  EXPECT_EQ(records[0].origin, 1);
  EXPECT_EQ(static_cast<int>(records[1].type), 65280);
}

TEST(RelayDocument, PassesOverWhatItDoesNotKnow) {
  EXPECT_EQ(error_in(R"({"format":1,"new":[{"sources":[{"name":7}]},[[]],null],"sources":
    [{"name":"f","more":{"name":1},"via":[]}],"services":[{"name":"a","x":[1],"instances":
    [{"id":"i","x":{"port":"y"},"health":[{}]}]}],"records":[]})"),
            "");
}

TEST(RelayDocument, RefusesAnotherFormat) {
  const std::string error = error_in(R"({"format":2})");
  EXPECT_NE(error.find("http://r/v1/services:1:11: expected format 1, found 2"), std::string::npos)
      << error;
  EXPECT_NE(error.find("update"), std::string::npos);
}

TEST(RelayDocument, RefusesWhatIsNoCatalog) {
  EXPECT_NE(error_in("{}").find("is this the catalog of a Signpost?"), std::string::npos);
  EXPECT_NE(error_in("[]"), "");
  EXPECT_NE(error_in("7"), "");
  EXPECT_NE(error_in("<html>").find("expected JSON"), std::string::npos);
  EXPECT_NE(error_in(with("").substr(0, 40)), "");
}

TEST(RelayDocument, RefusesAnotherZone) {
  const std::string error = error_in(R"({"format":1,"zone":"other.example."})");
  EXPECT_NE(error.find("expected the zone servicediscovery.internal."), std::string::npos) << error;
}

TEST(RelayDocument, NamesTheServiceOfABadField) {
  const std::string error = error_in(with_instance(R"("id":"t","port":70000)"));
  EXPECT_NE(error.find("port"), std::string::npos) << error;
  EXPECT_NE(error.find("in service 'time'"), std::string::npos) << error;
}

TEST(RelayDocument, RefusesBadFields) {
  for (const char* keys :
       {R"("source":1)", R"("source":-1)", R"("source":"f")", R"("weight":-1)", R"("host":7)",
        R"("attributes":{"a":1})", R"("status":true)", R"("attributes":{"a":["x"],"b":2})"}) {
    EXPECT_NE(error_in(with_instance(keys)), "") << keys;
  }
  EXPECT_NE(error_in(with(R"({"name":"","instances":[]})")), "");
  EXPECT_NE(error_in(with(R"({"instances":[]})")), "");
  EXPECT_NE(error_in(with("7")), "");
}

TEST(RelayDocument, RefusesRecordsThatNoServerCouldSend) {
  const auto record = [](const char* type, const char* data,
                         const char* name = "w.servicediscovery.internal.") {
    return with("", std::string(R"({"name":")") + name + R"(","type":")" + type +
                        R"(","ttl":5,"data":")" + data + R"(","source":0})");
  };
  EXPECT_EQ(error_in(record("CNAME", "0377777700")), "");
  EXPECT_NE(error_in(record("A", "0A00")), "") << "too short";
  EXPECT_NE(error_in(record("A", "0A0000010")), "") << "half a byte";
  EXPECT_NE(error_in(record("A", "0A00000x")), "");
  EXPECT_NE(error_in(record("A", "0A00000102")), "") << "too long";
  EXPECT_NE(error_in(record("CNAME", "C000")), "") << "compressed";
  EXPECT_NE(error_in(record("CNAME", "")), "");
  EXPECT_NE(error_in(record("OPT", "")), "");
  EXPECT_NE(error_in(record("AXFR", "")), "");
  EXPECT_NE(error_in(record("NOSUCH", "")), "");
  EXPECT_NE(error_in(record("A", "0A000001", "w.example.")), "") << "outside the zone";
}

TEST(RelayDocument, DepthCostsNothing) {
  std::string deep = R"({"format":1,"x":)";
  deep.append(1'000'000, '[').append(1'000'000, ']');
  EXPECT_EQ(error_in(deep + "}"), "");
}

}  // namespace
}  // namespace upstream
