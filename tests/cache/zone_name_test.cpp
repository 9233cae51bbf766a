#include "cache/zone_name.h"

#include "tests/support/zone_fixture.h"

namespace cache {
namespace {

using Kind = ZoneName::Kind;

class ZoneNameTest : public support::ZoneFixture {
 protected:
  const ZoneName& read(const std::string& text) {
    table_ = catalog().table(now);
    name_ = dns::Name::from_text(text == "@" ? "z" : text + ".z").value();
    read_zone_name(*table_, zone.name.view(), name_.view(),
                   dns::hash_name(name_.view(), dns::hash_seed()), out_);
    return out_;
  }
  Kind kind(const std::string& text) { return read(text).kind; }

 private:
  CatalogSnapshot table_;
  dns::Name name_;
  ZoneName out_;
};

TEST_F(ZoneNameTest, KnowsTheDaemonsOwnNames) {
  tell("time 10.0.1.7:1");
  EXPECT_EQ(kind("@"), Kind::apex);
  EXPECT_EQ(kind("ns"), Kind::name_server);
  EXPECT_EQ(kind("_services._dns-sd._udp"), Kind::service_types);
  EXPECT_EQ(kind("_dns-sd._udp"), Kind::empty);
  EXPECT_EQ(kind("x._services._dns-sd._udp"), Kind::nothing);
}

TEST_F(ZoneNameTest, KnowsServicesInAllSpellings) {
  tell("time 10.0.1.7:1\n _clock._udp 10.0.1.8:1");
  for (const char* name : {"time", "_time._tcp", "_time._udp", "clock", "_clock._tcp"}) {
    EXPECT_EQ(kind(name), Kind::service) << name;
    EXPECT_TRUE(read(name).view->version.empty());
  }
  EXPECT_FALSE(read("time").underscored);
  EXPECT_TRUE(read("_time._tcp").underscored);
  EXPECT_EQ(read("_time._tcp").service, read("time").service);
}

TEST_F(ZoneNameTest, KnowsVersionsAndWhatStandsBetween) {
  tell("time 10.0.1.7:1 version=1.0.2");
  EXPECT_EQ(kind("1.0.2.time"), Kind::service);
  EXPECT_EQ(read("1.0.2.time").view->version, "1.0.2");
  EXPECT_EQ(kind("1.0.2._time._tcp"), Kind::service);
  EXPECT_EQ(kind("0.2.time"), Kind::empty);
  EXPECT_EQ(kind("2.time"), Kind::empty);
  EXPECT_EQ(kind("2._time._tcp"), Kind::empty);
  EXPECT_EQ(kind("3.time"), Kind::nothing);
  EXPECT_EQ(kind("9.1.0.2.time"), Kind::nothing);
}

TEST_F(ZoneNameTest, KnowsVersionsInAnyCase) {
  tell("time 10.0.1.7:1 version=V2-Beta");
  EXPECT_EQ(kind("v2-beta.time"), Kind::service);
  EXPECT_EQ(kind("V2-BETA.time"), Kind::service);
}

TEST_F(ZoneNameTest, KnowsInstancesByTheirIds) {
  tell("time 10.0.1.7:1 id=a\n time 10.0.1.8:1 id=B");
  EXPECT_EQ(kind("a._time._tcp"), Kind::instance);
  EXPECT_EQ(read("b._time._tcp").instance->told->id, "B");
  EXPECT_EQ(kind("c._time._tcp"), Kind::nothing);
  EXPECT_EQ(kind("a.time"), Kind::instance);
  EXPECT_EQ(read("b.time").instance->told->id, "B");
  EXPECT_EQ(kind("c.time"), Kind::nothing);
  EXPECT_EQ(kind("x.a.time"), Kind::nothing);
}

TEST_F(ZoneNameTest, AnInstancesNameStandsBackBehindVersionsAndNamesOfTheirOwn) {
  tell(
      "time 10.0.1.7:1 id=v1\n time 10.0.1.8:1 id=b version=v1\n time 10.0.1.8:2 id=c\n"
      "c.time 10.0.1.9:1\n time 10.0.1.8:3 id=d\n= d.time.z. 60 IN A 198.51.100.7");
  EXPECT_EQ(read("v1.time").view->version, "v1");
  EXPECT_EQ(read("c.time").service->name, "c.time");
  EXPECT_EQ(kind("d.time"), Kind::records);
}

TEST_F(ZoneNameTest, KnowsExplanations) {
  tell("time 10.0.1.7:1 version=1.0");
  EXPECT_EQ(kind("_explain.time"), Kind::explain);
  EXPECT_EQ(kind("_explain._time._tcp"), Kind::explain);
  EXPECT_EQ(read("_explain.1.0.time").view->version, "1.0");
  EXPECT_EQ(kind("_explain.gone"), Kind::nothing);
  EXPECT_EQ(kind("_explain"), Kind::nothing);
}

TEST_F(ZoneNameTest, KnowsTargetsThatTheCatalogHolds) {
  tell("time 10.0.1.7:1");
  EXPECT_EQ(kind("ip-10-0-1-7.addr"), Kind::target);
  EXPECT_EQ(read("ip-10-0-1-7.addr").ip.to_text(), "10.0.1.7");
  EXPECT_EQ(kind("ip-10-0-1-8.addr"), Kind::nothing);
  EXPECT_EQ(kind("addr"), Kind::empty);
}

TEST_F(ZoneNameTest, AddrIsNothingWhileThereIsNoTarget) {
  tell("time web.example:1");
  EXPECT_EQ(kind("addr"), Kind::nothing);
}

TEST_F(ZoneNameTest, KnowsRecordsAndWhatIsAboveThem) {
  tell("= a.b.c.z. 5 IN TXT \"x\"\n= *.w.z. 5 IN TXT \"x\"");
  EXPECT_EQ(kind("a.b.c"), Kind::records);
  EXPECT_EQ(kind("b.c"), Kind::empty);
  EXPECT_EQ(kind("c"), Kind::empty);
  EXPECT_EQ(kind("any.w"), Kind::records);
  EXPECT_EQ(kind("x.a.b.c"), Kind::nothing);
}

TEST_F(ZoneNameTest, AnythingElseIsNothing) {
  tell("time 10.0.1.7:1");
  for (const char* name : {"gone", "_gone._tcp", "_tcp._tcp", "time._tcp", "x.ns", "_time"})
    EXPECT_EQ(kind(name), Kind::nothing) << name;
}

TEST_F(ZoneNameTest, ProtocolsExistWhileThereIsAService) {
  tell("time 10.0.1.7:1");
  EXPECT_EQ(kind("_tcp"), Kind::empty);
  EXPECT_EQ(kind("_udp"), Kind::empty);
}

TEST_F(ZoneNameTest, ReadsTheLongestNames) {
  tell("time 10.0.1.7:1 version=1");
  const std::string label(60, '1');
  EXPECT_EQ(kind(label + "." + label + "." + label + "." + label + ".time"), Kind::nothing);
  std::string ones = "1";
  for (int i = 0; i < 118; ++i) ones += ".1";
  EXPECT_EQ(kind(ones + "._time._tcp"), Kind::nothing);
}

}  // namespace
}  // namespace cache
