#include "dnsd/dns/query.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/records.h"
#include "tests/support/wire_text.h"

namespace dns {
namespace {

using support::wire;
using support::operator+;

// Headers by what they announce: questions, answers, authorities, additionals.
const Wire kOneQuestion = wire("1234 0100 0001 0000 0000 0000");
const Wire kWithOpt = wire("1234 0100 0001 0000 0000 0001");
const Wire kQuestion = wire("04 'Time' 02 'dc' 00 0021 0001");

/// An OPT record: our root owner, 1232 bytes, version 0, DO clear.
Wire opt(const Wire& options, const Wire& ttl = wire("00000000")) {
  Wire out = wire("00 0029 04d0") + ttl;
  out.push_back(static_cast<std::uint8_t>(options.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(options.size()));
  return out + options;
}

Wire option(std::uint16_t code, std::size_t size) {
  Wire out(4);
  put16(out.data(), code);
  put16(out.data() + 2, static_cast<std::uint16_t>(size));
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(i + 1));
  return out;
}

Wire with_opt(const Wire& options) {
  return kWithOpt + kQuestion + opt(options);
}

QueryVerdict verdict(const Wire& packet) {
  Query query;
  return parse_query(packet, query);
}

Query parsed(const Wire& packet) {
  Query query;
  EXPECT_EQ(parse_query(packet, query), QueryVerdict::fine);
  return query;
}

TEST(ParseQuery, ReadsWhatAStubAsks) {
  const Wire packet = kOneQuestion + kQuestion;
  const Query query = parsed(packet);
  EXPECT_EQ(query.id, 0x1234);
  EXPECT_TRUE(query.recursion_desired);
  EXPECT_FALSE(query.checking_disabled);
  EXPECT_FALSE(query.authentic_data);
  EXPECT_EQ(to_text(query.question), "time.dc. SRV");
  EXPECT_EQ(query.question.qclass, Class::IN);
  EXPECT_FALSE(query.edns.present);
  EXPECT_EQ(query.edns.udp_size, 512) << "RFC 1035, 4.2.1";
}

TEST(ParseQuery, KeepsTheClientsSpelling) {
  const Wire packet = kOneQuestion + kQuestion;
  const Query query = parsed(packet);
  EXPECT_EQ(Wire(query.raw_question.begin(), query.raw_question.end()), kQuestion);
}

TEST(ParseQuery, ReadsTheFlags) {
  const Query query = parsed(wire("0001 0030 0001 0000 0000 0000") + kQuestion);
  EXPECT_FALSE(query.recursion_desired);
  EXPECT_TRUE(query.checking_disabled);
  EXPECT_TRUE(query.authentic_data);
}

TEST(ParseQuery, ReadsTheRootAndUnknownTypesAndClasses) {
  const Query query = parsed(kOneQuestion + wire("00 ff00 0003"));
  EXPECT_TRUE(query.question.name.is_root());
  EXPECT_EQ(query.question.type, Type{0xff00});
  EXPECT_EQ(query.question.qclass, Class::CH);
}

TEST(ParseQuery, ReadsLdnssQueries) {
  const Query query = parsed(support::query("Web.Example. AAAA", 77, true, true));
  EXPECT_EQ(query.id, 77);
  EXPECT_EQ(to_text(query.question), "web.example. AAAA");
  EXPECT_TRUE(query.edns.present);
  EXPECT_TRUE(query.edns.dnssec_ok);
  EXPECT_EQ(query.edns.udp_size, 1232);
}

TEST(ParseQuery, SaysNothingToWhatIsTooShort) {
  const Wire packet = kOneQuestion + kQuestion;
  for (std::size_t size = 0; size < kHeaderSize; ++size)
    EXPECT_EQ(verdict(Wire(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size))),
              QueryVerdict::not_a_query)
        << size;
}

TEST(ParseQuery, SaysNothingToResponsesSoTwoServersCannotLoop) {
  EXPECT_EQ(verdict(wire("1234 8180 0001 0000 0000 0000") + kQuestion), QueryVerdict::not_a_query);
  EXPECT_EQ(verdict(wire("1234 a800 0001 0000 0000 0000") + kQuestion), QueryVerdict::not_a_query)
      << "a response is one with any opcode";
  EXPECT_EQ(verdict(wire("1234 8180 0000 0000 0000 0000")), QueryVerdict::not_a_query);
}

TEST(ParseQuery, ImplementsNoOtherOpcode) {
  for (unsigned opcode = 1; opcode < 16; ++opcode) {
    Wire packet = kOneQuestion + kQuestion;
    packet[2] = static_cast<std::uint8_t>(opcode << 3);
    Query query;
    EXPECT_EQ(parse_query(packet, query), QueryVerdict::not_implemented) << opcode;
    EXPECT_EQ(query.id, 0x1234);
    EXPECT_EQ(query.opcode, opcode) << "the reply repeats it";
  }
}

TEST(ParseQuery, DoesNotReadTheSectionsOfOtherOpcodes) {
  EXPECT_EQ(verdict(wire("1234 2800 0001 0001 0002 0000") + kQuestion),
            QueryVerdict::not_implemented);
  EXPECT_EQ(verdict(wire("1234 3000 0000 0000 0000 0000 dead")), QueryVerdict::not_implemented)
      << "RFC 8490: a DSO message has no question";
}

TEST(ParseQuery, WantsExactlyOneQuestion) {
  EXPECT_EQ(verdict(wire("1234 0100 0000 0000 0000 0000")), QueryVerdict::malformed) << "RFC 9619";
  EXPECT_EQ(verdict(wire("1234 0100 0000 0000 0000 0000") + kQuestion), QueryVerdict::malformed);
  EXPECT_EQ(verdict(wire("1234 0100 0002 0000 0000 0000") + kQuestion + kQuestion),
            QueryVerdict::malformed);
}

TEST(ParseQuery, RefusesACutQuestion) {
  const Wire packet = kOneQuestion + kQuestion;
  for (std::size_t size = kHeaderSize; size < packet.size(); ++size) {
    Query query;
    const Wire cut(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(parse_query(cut, query), QueryVerdict::malformed) << size;
    EXPECT_EQ(query.id, 0x1234);
    EXPECT_TRUE(query.recursion_desired);
    EXPECT_TRUE(query.raw_question.empty()) << "there is nothing to echo";
  }
}

TEST(ParseQuery, RefusesAPointerInTheQuestion) {
  EXPECT_EQ(verdict(kOneQuestion + wire("c00c 0001 0001")), QueryVerdict::malformed);
  EXPECT_EQ(verdict(kOneQuestion + wire("01 'a' c00c 0001 0001")), QueryVerdict::malformed);
  EXPECT_EQ(verdict(wire("0000 0100 0001 0000 0000 0000") + wire("01 'a' c000 0001 0001")),
            QueryVerdict::malformed)
      << "nothing stands before the question but the header";
}

TEST(ParseQuery, RefusesNamesThatAreTooLong) {
  Wire longest;
  for (int i = 0; i < 3; ++i) longest = longest + wire("3f") + Wire(63, 'a');
  EXPECT_EQ(verdict(kOneQuestion + longest + wire("3d") + Wire(61, 'a') + wire("00 0001 0001")),
            QueryVerdict::fine);
  EXPECT_EQ(verdict(kOneQuestion + longest + wire("3e") + Wire(62, 'a') + wire("00 0001 0001")),
            QueryVerdict::malformed);
}

TEST(ParseQuery, RefusesRecordsThatAreCut) {
  const Wire packet = with_opt(option(10, 8));
  const std::size_t record = (kWithOpt + kQuestion).size();
  for (std::size_t size = record; size < packet.size(); ++size)
    EXPECT_EQ(verdict(Wire(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size))),
              QueryVerdict::malformed)
        << size;
  EXPECT_EQ(verdict(packet), QueryVerdict::fine);
}

TEST(ParseQuery, RefusesAPacketWithFewerRecordsThanItSays) {
  EXPECT_EQ(verdict(wire("1234 0100 0001 0001 0000 0000") + kQuestion), QueryVerdict::malformed);
  EXPECT_EQ(verdict(wire("1234 0100 0001 0000 0000 ffff") + kQuestion + opt({})),
            QueryVerdict::malformed);
}

TEST(ParseQuery, RefusesBytesThatFollowTheLastRecord) {
  EXPECT_EQ(verdict(kOneQuestion + kQuestion + wire("00")), QueryVerdict::malformed);
  EXPECT_EQ(verdict(with_opt({}) + wire("00")), QueryVerdict::malformed);
}

TEST(ParseQuery, TakesOtherRecordsBesideTheOpt) {
  const Wire record = wire("c00c 0001 0001 0000003c 0004 0a000001");
  EXPECT_EQ(verdict(wire("1234 0100 0001 0000 0000 0002") + kQuestion + record + opt({})),
            QueryVerdict::fine);
  EXPECT_TRUE(
      parsed(wire("1234 0100 0001 0000 0000 0002") + kQuestion + opt({}) + record).edns.present);
}

TEST(ParseQuery, ReadsTheOptRecord) {
  const Query query = parsed(kWithOpt + kQuestion + wire("00 0029 1000 00008000 0000"));
  EXPECT_TRUE(query.edns.present);
  EXPECT_TRUE(query.edns.dnssec_ok);
  EXPECT_EQ(query.edns.udp_size, 4096);
  EXPECT_EQ(query.edns.version, 0);
  EXPECT_EQ(query.edns.cookie_size, 0);
  EXPECT_FALSE(query.edns.wants_keepalive);
}

TEST(ParseQuery, TreatsASizeBelow512As512) {
  EXPECT_EQ(parsed(kWithOpt + kQuestion + wire("00 0029 0000 00000000 0000")).edns.udp_size, 512)
      << "RFC 6891, 6.2.3";
  EXPECT_EQ(parsed(kWithOpt + kQuestion + wire("00 0029 01ff 00000000 0000")).edns.udp_size, 512);
  EXPECT_EQ(parsed(kWithOpt + kQuestion + wire("00 0029 0201 00000000 0000")).edns.udp_size, 513);
}

TEST(ParseQuery, RefusesTwoOpts) {
  EXPECT_EQ(verdict(wire("1234 0100 0001 0000 0000 0002") + kQuestion + opt({}) + opt({})),
            QueryVerdict::malformed)
      << "RFC 6891, 6.1.1";
}

TEST(ParseQuery, RefusesAnOptOutsideTheAdditionalSection) {
  EXPECT_EQ(verdict(wire("1234 0100 0001 0001 0000 0000") + kQuestion + opt({})),
            QueryVerdict::malformed);
  EXPECT_EQ(verdict(wire("1234 0100 0001 0000 0001 0000") + kQuestion + opt({})),
            QueryVerdict::malformed);
}

TEST(ParseQuery, RefusesAnOptThatIsNotAtTheRoot) {
  EXPECT_EQ(verdict(kWithOpt + kQuestion + wire("01 'a' 00 0029 04d0 00000000 0000")),
            QueryVerdict::malformed);
  EXPECT_EQ(verdict(kWithOpt + kQuestion + wire("c00c 0029 04d0 00000000 0000")),
            QueryVerdict::malformed);
}

TEST(ParseQuery, RefusesOptionsThatDoNotFillTheirRecord) {
  EXPECT_EQ(verdict(with_opt(wire("00"))), QueryVerdict::malformed);
  EXPECT_EQ(verdict(with_opt(wire("fde9 00"))), QueryVerdict::malformed);
  EXPECT_EQ(verdict(with_opt(wire("fde9 0001"))), QueryVerdict::malformed);
  EXPECT_EQ(verdict(with_opt(wire("fde9 ffff 00"))), QueryVerdict::malformed);
  EXPECT_EQ(verdict(with_opt(wire("fde9 0000 00"))), QueryVerdict::malformed);
}

TEST(ParseQuery, IgnoresUnknownOptions) {
  EXPECT_EQ(verdict(with_opt(wire("fde9 0000"))), QueryVerdict::fine);
  EXPECT_EQ(verdict(with_opt(wire("fde9 0003 010203 0003 0000"))), QueryVerdict::fine);
  const Query query = parsed(with_opt(wire("fde9 0002 0102") + option(10, 8)));
  EXPECT_EQ(query.edns.cookie_size, 8) << "what follows an unknown option is read";
}

TEST(ParseQuery, TakesCookiesOf8And16To40Bytes) {
  for (std::size_t size = 0; size <= 50; ++size) {
    const bool good = size == 8 || (size >= 16 && size <= 40);
    EXPECT_EQ(verdict(with_opt(option(10, size))),
              good ? QueryVerdict::fine : QueryVerdict::malformed)
        << size << " bytes; RFC 7873, 5.2.2";
  }
}

TEST(ParseQuery, ReadsTheCookieWhole) {
  const Query query = parsed(with_opt(option(10, 24)));
  ASSERT_EQ(query.edns.cookie_size, 24);
  for (std::size_t i = 0; i < 24; ++i) EXPECT_EQ(query.edns.cookie[i], i + 1);
  EXPECT_EQ(parsed(with_opt(option(10, 40))).edns.cookie[39], 40);
}

TEST(ParseQuery, ReadsTheFirstOfTwoCookies) {
  Query query;
  const QueryVerdict verdict = parse_query(
      with_opt(option(10, 8) + wire("000a 0010 ffffffff ffffffff ffffffff ffffffff")), query);
  ASSERT_EQ(verdict, QueryVerdict::fine);
  EXPECT_EQ(query.edns.cookie_size, 8) << "RFC 7873, 5.2: all but the first are ignored";
  EXPECT_EQ(query.edns.cookie[0], 1);
}

TEST(ParseQuery, SeesThatTheClientWantsKeepalive) {
  EXPECT_TRUE(parsed(with_opt(wire("000b 0000"))).edns.wants_keepalive);
}

TEST(ParseQuery, IgnoresAKeepaliveWithATimeout) {
  EXPECT_FALSE(parsed(with_opt(wire("000b 0002 0064"))).edns.wants_keepalive)
      << "RFC 7828, 3.2.1: clients must not send one; over UDP servers must ignore it";
}

TEST(ParseQuery, KnowsNoEdnsVersionAbove0) {
  for (const char* ttl : {"00010000", "00ff0000", "00018000"}) {
    Query query;
    EXPECT_EQ(parse_query(kWithOpt + kQuestion + opt({}, wire(ttl)), query),
              QueryVerdict::bad_version);
    EXPECT_EQ(query.id, 0x1234);
    EXPECT_TRUE(query.edns.present) << "BADVERS goes out in an OPT";
    EXPECT_FALSE(query.raw_question.empty());
  }
}

TEST(ParseQuery, KnowsNothingOfTheOptionsOfALaterVersion) {
  EXPECT_EQ(verdict(kWithOpt + kQuestion + opt(option(10, 3), wire("00010000"))),
            QueryVerdict::bad_version);
}

TEST(ParseQuery, IgnoresReservedBits) {
  EXPECT_EQ(verdict(kWithOpt + kQuestion + opt({}, wire("00007fff"))), QueryVerdict::fine)
      << "RFC 6891, 6.1.4: Z is ignored";
  EXPECT_EQ(verdict(wire("1234 0140 0001 0000 0000 0000") + kQuestion), QueryVerdict::fine)
      << "RFC 8906, 3.1.4";
  EXPECT_EQ(verdict(wire("1234 0780 0001 0000 0000 0000") + kQuestion), QueryVerdict::fine)
      << "AA, TC and RA mean nothing in a query";
}

TEST(ParseQuery, ForgetsTheQueryBefore) {
  Query query;
  ASSERT_EQ(parse_query(with_opt(option(10, 24)), query), QueryVerdict::fine);
  ASSERT_EQ(parse_query(kOneQuestion + kQuestion, query), QueryVerdict::fine);
  EXPECT_FALSE(query.edns.present);
  EXPECT_EQ(query.edns.cookie_size, 0);
  ASSERT_EQ(parse_query(kOneQuestion, query), QueryVerdict::malformed);
  EXPECT_TRUE(query.raw_question.empty());
}

}  // namespace
}  // namespace dns
