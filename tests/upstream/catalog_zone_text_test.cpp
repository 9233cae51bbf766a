#include <gtest/gtest.h>

#include "tests/support/documents.h"

namespace {

using support::error_in;
using support::part_of;

cache::CatalogPart zone(std::string_view text) {
  return part_of("s.zone", text);
}

std::string zone_error(std::string_view text) {
  return error_in("s.zone", text);
}

dns::Name name(std::string_view text) {
  return dns::Name::from_text(text).value();
}

std::vector<std::uint8_t> bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

TEST(CatalogZoneText, SrvRecordsBecomeInstances) {
  const auto part = zone(R"(
$TTL 1h
_Time._tcp     30 IN SRV 1 100 8081 host-1
                  IN SRV 2   0 8082 Host-2.Other.Example.
)");
  ASSERT_EQ(part.services.size(), 1u);
  const cache::Service& service = part.services[0];
  EXPECT_EQ(service.name, "_time._tcp");
  EXPECT_EQ(service.ttl, 30u);
  ASSERT_EQ(service.instances.size(), 2u);
  cache::Instance first;
  first.id = "host-1.servicediscovery.internal:8081";
  first.host = "host-1.servicediscovery.internal";
  first.port = 8081;
  EXPECT_EQ(service.instances[0], first);
  EXPECT_EQ(service.instances[1].host, "Host-2.Other.Example");
  EXPECT_EQ(service.instances[1].priority, 2);
  EXPECT_EQ(service.instances[1].weight, 0u);
  EXPECT_TRUE(part.records.empty());
}

TEST(CatalogZoneText, EverythingElseStandsAsItIs) {
  const auto part = zone(R"(
www  60 A    192.0.2.1
        TXT  "one" "two;three"
        MX   10 Mail
new     TYPE65280 \# 4 0a000001
*.any   CNAME www
)");
  ASSERT_EQ(part.records.size(), 5u);
  EXPECT_TRUE(part.services.empty());
  const auto www = name("www.servicediscovery.internal");
  EXPECT_EQ(part.records[0], (cache::Record{www, dns::Type::A, 60, {192, 0, 2, 1}}));
  EXPECT_EQ(part.records[1], (cache::Record{www, dns::Type::TXT, 5, bytes("\3one\11two;three")}));
  EXPECT_EQ(part.records[2].rdata,
            bytes(std::string_view("\0\12\4Mail\20servicediscovery\10internal\0", 34)));
  EXPECT_EQ(part.records[3].type, static_cast<dns::Type>(65280));
  EXPECT_EQ(part.records[3].rdata, bytes(std::string_view("\12\0\0\1", 4)));
  EXPECT_EQ(part.records[4].owner, name("*.any.servicediscovery.internal"));
}

TEST(CatalogZoneText, SoaAndNsOfTheApexAreIgnored) {
  const auto part = zone(R"(
@ SOA ns.example. me.example. 1 2 3 4 5
@ NS ns.example.
@ A 192.0.2.1
sub NS ns.example.
)");
  ASSERT_EQ(part.records.size(), 2u);
  EXPECT_EQ(part.records[0].type, dns::Type::A);
  EXPECT_EQ(part.records[1].type, dns::Type::NS);
}

TEST(CatalogZoneText, SrvAtTheApexAndOfAWildcardStandAsTheyAre) {
  const auto part = zone("@ SRV 1 1 80 a\n*.b SRV 1 1 80 a\n");
  EXPECT_TRUE(part.services.empty());
  EXPECT_EQ(part.records.size(), 2u);
}

TEST(CatalogZoneText, ATargetOfTheRootIsAServiceWithoutInstances) {
  EXPECT_EQ(zone("gone SRV 0 0 0 .\n").services.at(0), (cache::Service{"gone", 5u, {}}));
}

TEST(CatalogZoneText, ATargetKeepsItsEscapes) {
  const auto part = zone(R"(time SRV 1 1 80 a\.b.C_d-1.example.)");
  EXPECT_EQ(part.services.at(0).instances.at(0).host, R"(a\.b.C_d-1.example)");
}

TEST(CatalogZoneText, OriginAndTtlHoldUntilTheNext) {
  const auto part = zone(R"(
$ORIGIN sub
$TTL 1h30m
a A 192.0.2.1
$ORIGIN @
@ A 192.0.2.2
$ORIGIN servicediscovery.internal.
$TTL 7
a A 192.0.2.3
)");
  ASSERT_EQ(part.records.size(), 3u);
  EXPECT_EQ(part.records[0].owner, name("a.sub.servicediscovery.internal"));
  EXPECT_EQ(part.records[0].ttl, 5400u);
  EXPECT_EQ(part.records[1].owner, name("sub.servicediscovery.internal"));
  EXPECT_EQ(part.records[2].owner, name("a.servicediscovery.internal"));
  EXPECT_EQ(part.records[2].ttl, 7u);
}

TEST(CatalogZoneText, RepeatedRecordsOfAServiceFoldIntoOne) {
  EXPECT_EQ(zone("a SRV 1 1 80 h\nA SRV 1 2 80 H\n").services.at(0).instances.size(), 1u);
}

TEST(CatalogZoneText, ErrorsSayTheLineWhereTheRecordStarts) {
  EXPECT_EQ(zone_error("; one\n\nb A 192.0.2\n"),
            "s.zone:3: expected a record, found 'b A 192.0.2': Syntax error, could not parse the "
            "RR's rdata");
  EXPECT_EQ(zone_error("a A 192.0.2.1\n\nb SRV (\n 1 2\n 3 h\n) more\n").find("s.zone:3: "), 0u);
}

TEST(CatalogZoneText, RecordsOutsideOfTheZoneAreErrors) {
  EXPECT_EQ(zone_error("a A 192.0.2.1\nwww.example.com. A 192.0.2.1\n"),
            "s.zone:2: expected a name inside servicediscovery.internal., found "
            "'www.example.com.'");
}

TEST(CatalogZoneText, WhatNoCatalogMaySayIsAnError) {
  EXPECT_EQ(zone_error("$INCLUDE /etc/passwd\n"),
            "s.zone:1: expected a record, '$TTL time' or '$ORIGIN name', found '$INCLUDE "
            "/etc/passwd': other files are not included");
  EXPECT_EQ(zone_error("a CH TXT x\n"), "s.zone:1: expected class IN, found 'CH'");
  EXPECT_EQ(zone_error("a TYPE41 \\# 0\n"),
            "s.zone:1: expected a type that records have, found OPT");
  EXPECT_EQ(zone_error("$TTL soon\n"),
            "s.zone:1: expected a time such as 300 or 1h30m after $TTL, found 'soon'");
  EXPECT_EQ(zone_error("$ORIGIN a..b\n").find("s.zone:1: expected a domain name"), 0u);
  EXPECT_EQ(zone_error("a 4294967296 A 192.0.2.1\n"),
            "s.zone:1: expected a time such as 300 or 1h30m, found '4294967296'");
  EXPECT_NE(zone_error("a A \\# 3 010203\n"), "");
  EXPECT_NE(zone_error("a TXT \"open\n"), "");
}

TEST(CatalogZoneText, NumberedDataMustHoldTheFieldsOfAKnownType) {
  EXPECT_EQ(zone_error("a SRV \\# 0\n"), "s.zone:1: expected all fields of SRV, found fewer");
  EXPECT_EQ(zone_error("a MX \\# 2 0001\n"), "s.zone:1: expected all fields of MX, found fewer");
  EXPECT_NE(zone_error("a SRV \\# 5 0001000100\n"), "");
  EXPECT_EQ(zone_error("a TYPE65280 \\# 0\n"), "");
  EXPECT_EQ(zone("a SRV \\# 9 000100010050016100\n").services.at(0).instances.at(0).id, "a:80");
}

TEST(CatalogZoneText, AnEmptyFileIsAnEmptyCatalog) {
  EXPECT_TRUE(zone("").services.empty());
  EXPECT_TRUE(zone("\n; nothing\n").records.empty());
}

}  // namespace
