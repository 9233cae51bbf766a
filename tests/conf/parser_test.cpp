#include "conf/parser.h"

#include <gtest/gtest.h>

#include "tests/conf/parsed.h"

namespace conf {
namespace {

using namespace std::chrono_literals;
using testing::config_of;
using testing::error_of;
using testing::loaded;

TEST(Parser, NothingSetIsTheDefault) {
  EXPECT_TRUE(config_of("") == Config());
}

TEST(Parser, ReadsListen) {
  const auto listen = config_of(R"([listen]
addresses = ["127.0.0.1:0", "[::1]:5300", "10.0.0.1"]
workers = 3
allow = ["0.0.0.0/0", "::/0"]
tcp_connections = 10
tcp_idle = "1.5s")")
                          .listen;
  ASSERT_EQ(listen.addresses.size(), 3U);
  EXPECT_EQ(listen.addresses[0].to_text(), "127.0.0.1:0");
  EXPECT_EQ(listen.addresses[1].to_text(), "[::1]:5300");
  EXPECT_EQ(listen.addresses[2].to_text(), "10.0.0.1:53");
  EXPECT_EQ(listen.workers, 3U);
  EXPECT_EQ(listen.allow.size(), 2U);
  EXPECT_EQ(listen.tcp_connections, 10U);
  EXPECT_EQ(listen.tcp_idle, 1500ms);
}

TEST(Parser, WorkersMayBeOnePerCore) {
  EXPECT_EQ(config_of("[listen]\nworkers = \"auto\"").listen.workers, 4U);
}

TEST(Parser, ReadsTheZone) {
  const auto zone =
      config_of(
          "[zone]\nname='Svc.Example'\nttl='1m'\nnegative_ttl='0s'\nmax_answers=4\nweight_floor=1")
          .zone;
  EXPECT_EQ(zone.name.to_text(), "svc.example.");
  EXPECT_EQ(zone.ttl, 60s);
  EXPECT_EQ(zone.negative_ttl, 0s);
  EXPECT_EQ(zone.max_answers, 4U);
  EXPECT_EQ(zone.weight_floor, 1U);
}

TEST(Parser, ReadsAnHttpCatalogAndSplitsServicesAtTheFirstSlash) {
  const auto catalogs = config_of(R"([[catalog]]
type = "http"
dialect = "service"
url = "http://127.0.0.1:8080"
services = ["helloworld/1.0", "time", "a/b/c"]
default_version = "2"
timeout = "500ms"
sign = true)")
                            .catalogs;
  ASSERT_EQ(catalogs.size(), 1U);
  EXPECT_EQ(catalogs[0].type, Catalog::Type::http);
  EXPECT_EQ(catalogs[0].dialect, Catalog::Dialect::service);
  EXPECT_EQ(catalogs[0].url, "http://127.0.0.1:8080");
  const std::vector<std::pair<std::string, std::string>> services = {
      {"helloworld", "1.0"}, {"time", ""}, {"a", "b/c"}};
  EXPECT_EQ(catalogs[0].services, services);
  EXPECT_EQ(catalogs[0].default_version, "2");
  EXPECT_EQ(catalogs[0].timeout, 500ms);
  EXPECT_TRUE(catalogs[0].sign);
  EXPECT_EQ(catalogs[0].name, "http:http://127.0.0.1:8080");
}

TEST(Parser, KeepsCatalogsInTheirOrder) {
  const auto catalogs =
      config_of("[[catalog]]\ntype='file'\npath='b'\n[[catalog]]\ntype='file'\npath='a'\n")
          .catalogs;
  ASSERT_EQ(catalogs.size(), 2U);
  EXPECT_EQ(catalogs[0].path, "b");
  EXPECT_EQ(catalogs[1].path, "a");
}

TEST(Parser, ReadsProbes) {
  const auto probes =
      config_of(
          "[[health.probe]]\nservices=['a*','b']\ntype='tcp'\naccept=[200,204]\nport=81\n"
          "rise=1\nfall=1\non_demand=false\ninterval='1s'\ntimeout='100ms'\nhost='h'\npath='/x'")
          .health.probes;
  ASSERT_EQ(probes.size(), 1U);
  EXPECT_EQ(probes[0].services, (std::vector<std::string>{"a*", "b"}));
  EXPECT_EQ(probes[0].type, Probe::Type::tcp);
  EXPECT_EQ(probes[0].accept, (std::vector<unsigned>{200, 204}));
  EXPECT_EQ(probes[0].port, 81);
  EXPECT_FALSE(probes[0].on_demand);
  EXPECT_EQ(probes[0].interval, 1s);
}

TEST(Parser, ReadsForwardingWithItsZones) {
  const auto forward = config_of(R"([forward]
upstreams = ["10.0.0.2", "tcp://10.0.0.3:5353", "tls://1.1.1.1#cloudflare-dns.com"]
policy = "sequential"
trust_ad = true
[[forward.zone]]
suffix = "corp.example"
upstreams = ["[2001:db8::1]:5353"])")
                           .forward;
  ASSERT_EQ(forward.upstreams.size(), 3U);
  EXPECT_EQ(forward.upstreams[1].transport, Upstream::Transport::tcp);
  EXPECT_EQ(forward.upstreams[2].tls_name, "cloudflare-dns.com");
  EXPECT_EQ(forward.policy, Forward::Policy::sequential);
  EXPECT_TRUE(forward.trust_ad);
  ASSERT_EQ(forward.zones.size(), 1U);
  EXPECT_EQ(forward.zones[0].upstreams[0].address.to_text(), "[2001:db8::1]:5353");
}

TEST(Parser, ReadsCacheChaosAndLog) {
  const auto config = config_of(
      "[cache]\nsize='1GiB'\nmax_ttl='2h'\n[chaos]\nversion=''\nid='x'\n"
      "[log]\nlevel='warn'\nformat='json'");
  EXPECT_EQ(config.cache.size, std::uint64_t{1} << 30U);
  EXPECT_EQ(config.cache.max_ttl, 2h);
  EXPECT_EQ(config.chaos.version, "");
  EXPECT_EQ(config.chaos.id, "x");
  EXPECT_EQ(config.log.level, Log::Level::warn);
  EXPECT_EQ(config.log.format, Log::Format::json);
}

TEST(Parser, CacheSizeMayBeBytesOrAuto) {
  EXPECT_EQ(config_of("[cache]\nsize=1048576").cache.size, 1'048'576U);
  EXPECT_EQ(config_of("[cache]\nsize='auto'").cache.size, std::nullopt);
}

TEST(Parser, AnEmptyControlAddressIsNoControlPort) {
  EXPECT_FALSE(config_of("[control]\nlisten = ''").control.listen);
  EXPECT_FALSE(config_of("[control]\nlisten = 'none'").control.listen);
  EXPECT_EQ(config_of("[control]\nlisten = '127.0.0.1:0'").control.listen->to_text(),
            "127.0.0.1:0");
}

TEST(Parser, RelativePathsStartAtTheFilesFolder) {
  const std::string text =
      "[[catalog]]\ntype='file'\npath='services.toml'\n"
      "[[catalog]]\ntype='file'\npath='/abs/s.toml'\n"
      "[state]\npath='state'\n[control]\ntoken_file=''\n[forward]\nresolv_conf='r'";
  const auto read = parse({{"/etc/signpost/signpost.toml", text}, {}, {}, 1});
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Config& config = read.value().config;
  EXPECT_EQ(config.catalogs[0].path, "/etc/signpost/services.toml");
  EXPECT_EQ(config.catalogs[0].name, "file:services.toml");
  EXPECT_EQ(config.catalogs[1].path, "/abs/s.toml");
  EXPECT_EQ(config.state.path, "/etc/signpost/state");
  EXPECT_EQ(config.control.token_file, "");
  EXPECT_EQ(config.forward.resolv_conf, "/etc/signpost/r");
}

TEST(ParserErrors, PointAtTheCharacter) {
  EXPECT_EQ(error_of("[listen]\nworkers = \"two\"  # cores\n"),
            "signpost.toml:2:11: expected a whole number from 1 to 256 or \"auto\", found 'two'\n"
            "  workers = \"two\"  # cores\n"
            "            ^");
}

TEST(ParserErrors, PointIntoLists) {
  EXPECT_EQ(error_of("[listen]\naddresses = [\"127.0.0.1:53\", \"nowhere\"]"),
            "signpost.toml:2:30: expected an address such as 10.0.0.2, 10.0.0.2:53 or "
            "[2001:db8::1]:53, found 'nowhere'\n"
            "  addresses = [\"127.0.0.1:53\", \"nowhere\"]\n"
            "                               ^");
}

TEST(ParserErrors, KeepTabsSoThatTheCaretStandsRight) {
  EXPECT_EQ(error_of("[zone]\n\tttl = 5\n"),
            "signpost.toml:2:8: expected a duration from 0s to 7d such as \"10s\", found 5\n"
            "  \tttl = 5\n"
            "  \t      ^");
}

TEST(ParserErrors, AnUnknownKeyNamesTheNearest) {
  EXPECT_EQ(error_of("[listen]\nadresses = []"),
            "signpost.toml:2:1: expected a key of [listen], found 'adresses'; did you mean "
            "'addresses'?\n"
            "  adresses = []\n"
            "  ^");
}

TEST(ParserErrors, AnUnknownKeyThatIsNearNoneIsToldThemAll) {
  EXPECT_NE(error_of("[chaos]\nhost_of_many = 1").find("it has version and id"), std::string::npos);
}

TEST(ParserErrors, AKeyInTheWrongPlaceNamesItsSection) {
  EXPECT_NE(error_of("[listen]\nttl = '5s'").find("found 'ttl'; it is a key of [zone]"),
            std::string::npos);
  EXPECT_NE(error_of("ttl = '5s'").find("expected a section, found 'ttl'; it is a key of [zone]"),
            std::string::npos);
  EXPECT_NE(error_of("upstreams = []").find("it is a key of [forward] and [[forward.zone]]"),
            std::string::npos);
}

TEST(ParserErrors, AnUnknownSectionNamesTheNearest) {
  EXPECT_NE(error_of("[lisen]\n").find("expected a section, found 'lisen'; did you mean 'listen'?"),
            std::string::npos);
  EXPECT_NE(error_of("[[health.prob]]\n").find("did you mean 'probe'?"), std::string::npos);
}

TEST(ParserErrors, AWrongWordNamesTheNearest) {
  EXPECT_NE(error_of("[forward]\npolicy = 'fasted'")
                .find("expected \"fastest\", \"sequential\" or \"random\", found 'fasted'; did you "
                      "mean 'fastest'?"),
            std::string::npos);
}

TEST(ParserErrors, SyntaxErrorsHaveTheSameShape) {
  const std::string error = error_of("[listen]\nworkers = \n");
  EXPECT_TRUE(error.starts_with("signpost.toml:2:")) << error;
  EXPECT_NE(error.find("\n  workers = \n"), std::string::npos) << error;
  EXPECT_TRUE(error.ends_with("^")) << error;
}

TEST(ParserErrors, AllAreSaidAtOnceInOrder) {
  const std::string error = error_of("[zone]\nttl = 1\n[listen]\nworkers = 0\nfoo = 1\n");
  const auto ttl = error.find("signpost.toml:2:");
  const auto workers = error.find("signpost.toml:4:");
  const auto foo = error.find("signpost.toml:5:");
  ASSERT_NE(foo, std::string::npos) << error;
  EXPECT_LT(ttl, workers);
  EXPECT_LT(workers, foo);
}

TEST(ParserErrors, NoMoreThanAScreenful) {
  std::string text = "[zone]\n";
  for (int i = 0; i < 30; ++i) text += "unknown" + std::to_string(i) + " = 1\n";
  EXPECT_TRUE(error_of(text).ends_with("\nand 10 more"));
}

TEST(ParserErrors, AKeyOfVeryManyPartsIsRefusedNotFollowed) {
  std::string key = "a";
  for (int i = 0; i < 50'000; ++i) key += ".a";
  EXPECT_TRUE(error_of("\n" + key + " = 1")
                  .starts_with("signpost.toml:2:1: expected a line of at most 4096 bytes, found "
                               "100005; a list may go over"));
}

TEST(ParserErrors, ACatalogsKeyOfAnotherTypeNamesItsTypes) {
  EXPECT_NE(error_of("[[catalog]]\ntype='file'\npath='x'\nurl='http://h'")
                .find("signpost.toml:4:5: expected a key of file catalogs, found 'url', which only "
                      "http and signpost catalogs take"),
            std::string::npos);
}

TEST(ParserErrors, ACatalogNeedsItsTypeAndItsPlace) {
  EXPECT_NE(error_of("\n[[catalog]]\npath='x'")
                .find("signpost.toml:2:1: expected [[catalog]] to set 'type', found none"),
            std::string::npos);
  EXPECT_NE(error_of("[[catalog]]\ntype='http'").find("to set 'url'"), std::string::npos);
  EXPECT_NE(error_of("[[catalog]]\ntype='file'\npath=''").find("to set 'path'"), std::string::npos);
  EXPECT_NE(error_of("[[forward.zone]]\nsuffix='a.b'").find("to set 'upstreams'"),
            std::string::npos);
}

TEST(ParserErrors, ATypeThatIsWrittenWrongIsTheOnlyErrorOfItsCatalog) {
  const std::string error = error_of("[[catalog]]\ntype='htp'\nurl='http://h'");
  EXPECT_NE(error.find("did you mean 'http'?"), std::string::npos) << error;
  EXPECT_EQ(error.find("which only"), std::string::npos) << error;
}

TEST(ParserErrors, ASingleTableIsNoArrayOfTables) {
  EXPECT_NE(error_of("[catalog]\ntype='file'").find("expected [[catalog]], found [catalog]"),
            std::string::npos);
  EXPECT_NE(error_of("listen = 3").find("expected a section [listen], found 3"), std::string::npos);
  EXPECT_NE(error_of("catalog = [1]").find("expected an entry [[catalog]], found 1"),
            std::string::npos);
}

TEST(ParserErrors, CatalogsNeedNamesOfTheirOwn) {
  EXPECT_NE(error_of("[[catalog]]\ntype='file'\npath='x'\nname='n'\n"
                     "[[catalog]]\ntype='file'\npath='y'\nname='n'\n")
                .find("signpost.toml:8:6: expected a 'name' that no other catalog has"),
            std::string::npos);
}

TEST(ParserErrors, AStandbyNamesAnotherCatalog) {
  const std::string two =
      "[[catalog]]\ntype='file'\npath='x'\nname='main'\n"
      "[[catalog]]\ntype='file'\npath='y'\nstandby_for=";
  EXPECT_EQ(config_of(two + "'main'").catalogs[1].standby_for, "main");
  EXPECT_NE(error_of(two + "'mian'").find("did you mean 'main'?"), std::string::npos);
  EXPECT_NE(error_of(two + "'file:y'").find("expected the name of another catalog"),
            std::string::npos);
}

TEST(ParserErrors, AStandbyAndItsPrimaryListTheirNames) {
  const std::string http = "[[catalog]]\ntype='http'\nurl='http://c/'\n";
  const std::string file = "[[catalog]]\ntype='file'\npath='y'\n";
  for (const auto& text : {http + "name='p'\n" + file + "standby_for='p'",
                           file + "name='p'\n" + http + "standby_for='p'"}) {
    EXPECT_NE(error_of(text).find("expected two catalogs that list their names"), std::string::npos)
        << error_of(text);
  }
}

TEST(ParserErrors, NobodyStandsByForAStandby) {
  const std::string error = error_of(
      "[[catalog]]\ntype='file'\npath='x'\nname='a'\n"
      "[[catalog]]\ntype='file'\npath='y'\nname='b'\nstandby_for='a'\n"
      "[[catalog]]\ntype='file'\npath='z'\nname='c'\nstandby_for='b'\n");
  EXPECT_NE(error.find("found 'b', which stands by for 'a'; name that one"), std::string::npos)
      << error;
}

struct Bad {
  const char* text;
  const char* expected;
};

class OutOfBounds : public ::testing::TestWithParam<Bad> {};

TEST_P(OutOfBounds, IsAnErrorThatSaysTheBounds) {
  const std::string error = error_of(GetParam().text);
  EXPECT_NE(error.find(GetParam().expected), std::string::npos) << error;
}

INSTANTIATE_TEST_SUITE_P(
    Keys, OutOfBounds,
    ::testing::Values(
        Bad{"[listen]\naddresses = []", "expected at least one element, found an empty list"},
        Bad{"[listen]\naddresses = '127.0.0.1'", "expected a list in square brackets"},
        Bad{"[listen]\nallow = ['10.0.0.0/33']", "expected a prefix length of at most 32"},
        Bad{"[listen]\naddresses = ['[::1]:53', '::1']", "expected each address once, found '::1'"},
        Bad{"[listen]\nworkers = 257", "from 1 to 256"},
        Bad{"[listen]\ntcp_connections = 0", "from 1 to 65535"},
        Bad{"[listen]\ntcp_idle = '2h'", "a duration from 100ms to 1h"},
        Bad{"[zone]\nname = '.'", "expected a domain name"},
        Bad{"[zone]\nname = 'a..b'", "expected a domain name"},
        Bad{"[zone]\nttl = '1.5s'", "expected a duration in whole seconds, found '1.5s'"},
        Bad{"[zone]\nttl = '-1s'", "a duration from 0s to 7d"},
        Bad{"[zone]\nmax_answers = -1", "from 0 to 10000"},
        Bad{"[zone]\nmax_answers = 1.5", "found 1.5"},
        Bad{"[zone]\nmax_answers = 1979-05-27", "found a date or time"},
        Bad{"[zone]\nmax_answers = {}", "found a table"},
        Bad{"[[catalog]]\ntype='http'\nurl='ftp://x'", "expected a URL"},
        Bad{"[[catalog]]\ntype='http'\nurl='http://'", "expected a URL"},
        Bad{"[[catalog]]\ntype='http'\nurl='http://h'\nservices=['/1']", "expected a service"},
        Bad{"[[catalog]]\ntype='http'\nurl='http://h'\ndefault_version=1.0", "text in quotes"},
        Bad{"[[catalog]]\ntype='etcd'\nprefix='skydns'", "begins with a slash"},
        Bad{"[[catalog]]\ntype='route53'\nmax_drop=101", "from 0 to 100"},
        Bad{"[[health.probe]]\naccept=[99]", "from 100 to 599"},
        Bad{"[[health.probe]]\npath='health'", "begins with a slash"},
        Bad{"[[health.probe]]\npath='/a b'", "a path without blanks"},
        Bad{"[[health.probe]]\nhost=\"a\\r\\nX: y\"", "a host without blanks"},
        Bad{"[[health.probe]]\nport=65536", "from 0 to 65535"},
        Bad{"[health]\npanic_threshold=101", "from 0 to 100"},
        Bad{"[forward]\nupstreams=['0.0.0.0']", "that can be reached"},
        Bad{"[forward]\nhedge='yes'", "expected true or false, found 'yes'"},
        Bad{"[cache]\nsize='1KiB'", "a size from 64KiB to 1024GiB"},
        Bad{"[cache]\nsize=-1", "a size from 64KiB"},
        Bad{"[chaos]\nid = 5", "expected text in quotes, found 5"},
        Bad{"[control]\nlisten='localhost'", "expected an address"},
        Bad{"[log]\nlevel='warning'", "did you mean 'warn'?"}));

TEST(ParserWarnings, AKeyWhoseFeatureIsToComeSaysSo) {
  EXPECT_EQ(loaded("[control]\ntoken_file = 'token'").warnings,
            std::vector<std::string>{"signpost.toml:2: control.token_file is not yet in effect"});
}

TEST(ParserWarnings, NotWhenItSaysTheDefaultOrSwitchesOff) {
  EXPECT_TRUE(loaded("[health]\nslow_start = '30s'\n[state]\npath = ''").warnings.empty());
  EXPECT_TRUE(loaded("[health]\nslow_start = 'off'\n[cache]\nprefetch = false\nstale_for = '0s'")
                  .warnings.empty());
}

TEST(ParserWarnings, PartsOfValuesAreNamed) {
  EXPECT_TRUE(loaded("[forward]\nupstreams = ['10.0.0.2', 'tls://1.1.1.1']").warnings.empty());
  EXPECT_EQ(
      loaded("[[catalog]]\ntype = 'builtin'\npath = 'c.db'").warnings,
      std::vector<std::string>{"signpost.toml:2: catalog.type 'builtin' is not yet in effect"});
}

TEST(ParserWarnings, WhatIsInEffectIsSilent) {
  EXPECT_TRUE(
      loaded("[[catalog]]\ntype='file'\npath='x'\n[[catalog]]\ntype='http'\nurl='http://h'\n"
             "[forward]\nupstreams=['10.0.0.2']\npolicy='random'\n[log]\nlevel='warn'\n"
             "[cache]\nsize='128MiB'\n[control]\nlisten=''\n[health]\nslow_start='10s'\n[[health."
             "probe]]\nrise=5")
          .warnings.empty());
}

}  // namespace
}  // namespace conf
