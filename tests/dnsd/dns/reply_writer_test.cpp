#include "dnsd/dns/reply_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/edns_of.h"
#include "tests/support/records.h"
#include "tests/support/wire_text.h"

namespace dns {
namespace {

using support::answers_of;
using support::wire;
using support::operator+;

const Wire kPlain = wire("1234 0100 0001 0000 0000 0000 03 'WEB' 07 'example' 00 0001 0001");
const Wire kEdns = wire("1234 0100 0001 0000 0000 0001 03 'WEB' 07 'example' 00 0001 0001") +
                   wire("00 0029 04d0 00000000 0000");

/// A query, read from bytes that it keeps.
struct Asked {
  explicit Asked(Wire bytes) : packet(std::move(bytes)) { verdict = parse_query(packet, query); }
  Wire packet;
  Query query;
  QueryVerdict verdict;
};

Name name(std::string_view text) {
  return Name::from_text(text).value();
}

bool write_a(ReplyWriter& out, std::uint32_t ip, Section section = Section::answer) {
  out.open_at_question(section, Type::A, 60);
  out.put32(ip);
  return out.close();
}

class ReplyWriterTest : public testing::Test {
 protected:
  /// Everything a reply needs, for a room of `size` bytes.
  ReplyWriter writer(const Asked& asked, std::size_t size) {
    room.assign(size, 0xee);
    return {asked.query, room, options};
  }
  /// The finished reply.
  WireView finish(ReplyWriter& out, const ReplyFlags& flags = {},
                  const ExtendedErrorText* extended = nullptr) {
    const std::size_t size = out.finish(flags, extended);
    EXPECT_LE(size, room.size());
    return WireView(room).first(size);
  }
  Asked plain{kPlain}, edns{kEdns};
  ReplyOptions options;
  Wire room;
};

TEST_F(ReplyWriterTest, RepeatsIdFlagsAndTheQuestionAsSpelled) {
  ReplyWriter out = writer(plain, 512);
  const WireView reply = finish(out);
  const HeaderView header{reply.data()};
  EXPECT_EQ(header.id(), 0x1234);
  EXPECT_TRUE(header.is_response());
  EXPECT_TRUE(header.recursion_desired());
  EXPECT_EQ(header.opcode(), 0);
  EXPECT_FALSE(header.authoritative());
  EXPECT_FALSE(header.truncated());
  EXPECT_FALSE(header.authentic_data());
  EXPECT_FALSE(header.checking_disabled());
  EXPECT_EQ(reply[3] & 0x40, 0) << "Z is 0";
  EXPECT_EQ(support::question_of(reply), "WEB.example. A");
  EXPECT_EQ(reply.size(), kPlain.size());
}

TEST_F(ReplyWriterTest, OffersRecursion) {
  ReplyWriter out = writer(plain, 512);
  EXPECT_EQ(finish(out)[3] & 0x80, 0x80);
}

TEST_F(ReplyWriterTest, CopiesRdAndCd) {
  const Asked asked(wire("0001 0010 0001 0000 0000 0000 00 0001 0001"));
  ReplyWriter out = writer(asked, 512);
  const HeaderView header{finish(out).data()};
  EXPECT_FALSE(header.recursion_desired());
  EXPECT_TRUE(header.checking_disabled());
}

TEST_F(ReplyWriterTest, SaysWhatTheFlagsSay) {
  ReplyWriter out = writer(plain, 512);
  const HeaderView header{finish(out, {.rcode = Rcode::NXDOMAIN,
                                       .authoritative = true,
                                       .truncated = true,
                                       .authentic_data = true})
                              .data()};
  EXPECT_EQ(header.rcode(), 3);
  EXPECT_TRUE(header.authoritative());
  EXPECT_TRUE(header.truncated());
  EXPECT_TRUE(header.authentic_data());
}

TEST_F(ReplyWriterTest, AnswersAnUnreadableQuestionWithAHeaderAlone) {
  const Asked asked(wire("1234 0100 0001 0000 0000 0000 05 'cu'"));
  ASSERT_EQ(asked.verdict, QueryVerdict::malformed);
  ReplyWriter out = writer(asked, 512);
  const WireView reply = finish(out, {.rcode = Rcode::FORMERR});
  EXPECT_EQ(reply.size(), kHeaderSize);
  EXPECT_EQ(HeaderView{reply.data()}.question_count(), 0);
  EXPECT_EQ(HeaderView{reply.data()}.rcode(), 1);
}

TEST_F(ReplyWriterTest, RepeatsTheOpcode) {
  const Asked asked(wire("1234 2000 0001 0000 0000 0000 00 0006 0001"));
  ASSERT_EQ(asked.verdict, QueryVerdict::not_implemented);
  ReplyWriter out = writer(asked, 512);
  EXPECT_EQ(HeaderView{finish(out, {.rcode = Rcode::NOTIMP}).data()}.opcode(), 4);
}

TEST_F(ReplyWriterTest, HasAnOptIfAndOnlyIfTheQueryHadOne) {
  ReplyWriter bare = writer(plain, 512);
  EXPECT_FALSE(support::has_edns(finish(bare)));
  ReplyWriter out = writer(edns, 512);
  const auto seen = support::edns_of(finish(out));
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->udp_size, 1232) << "our size, not the client's";
  EXPECT_EQ(seen->version, 0);
  EXPECT_FALSE(seen->dnssec_ok);
  EXPECT_TRUE(seen->options.empty());
}

TEST_F(ReplyWriterTest, CopiesDo) {
  const Asked asked(support::query("web.example. A", 1, true, true));
  ReplyWriter out = writer(asked, 512);
  EXPECT_TRUE(support::edns_of(finish(out))->dnssec_ok) << "RFC 3225, 3";
}

TEST_F(ReplyWriterTest, PutsTheUpperBitsOfAnRcodeIntoTheOpt) {
  ReplyWriter out = writer(edns, 512);
  const WireView reply = finish(out, {.rcode = Rcode::BADVERS});
  EXPECT_EQ(HeaderView{reply.data()}.rcode(), 0);
  EXPECT_EQ(support::rcode_of(reply), Rcode::BADVERS);
}

TEST_F(ReplyWriterTest, SendsCookieAndKeepalive) {
  options.has_cookie = true;
  for (std::uint8_t i = 0; i < 24; ++i) options.cookie[i] = i;
  options.keepalive = 100;
  ReplyWriter out = writer(edns, 512);
  const auto seen = support::edns_of(finish(out));
  EXPECT_EQ(seen->option(EdnsOption::COOKIE), Wire(options.cookie.begin(), options.cookie.end()));
  EXPECT_EQ(seen->option(EdnsOption::TCP_KEEPALIVE), wire("0064"));
}

TEST_F(ReplyWriterTest, WritesRecordsThatLdnsReads) {
  ReplyWriter out = writer(plain, 512);
  EXPECT_TRUE(write_a(out, 0xc6336407));
  out.open(Section::answer, name("time.example").view(), Type::SRV, 5);
  out.put16(1);
  out.put16(100);
  out.put16(8080);
  out.put_name(name("a.example").view());
  EXPECT_TRUE(out.close());
  out.open(Section::authority, name("example").view(), Type::NS, 300);
  out.put_compressed(name("ns.example").view());
  EXPECT_TRUE(out.close());
  out.open(Section::additional, name("ns.example").view(), Type::TXT, 0xffffffff);
  out.put_string("a b");
  out.put_string("id=", "7");
  EXPECT_TRUE(out.close());
  const WireView reply = finish(out);
  EXPECT_EQ(answers_of(reply),
            (std::vector<std::string>{"WEB.example. 60 IN A 198.51.100.7",
                                      "time.example. 5 IN SRV 1 100 8080 a.example."}));
  EXPECT_EQ(support::authorities_of(reply),
            std::vector<std::string>{"example. 300 IN NS ns.example."});
  EXPECT_EQ(support::additionals_of(reply),
            std::vector<std::string>{"ns.example. 4294967295 IN TXT \"a b\" \"id=7\""});
}

TEST_F(ReplyWriterTest, CountsTheRecordsOfEachSection) {
  ReplyWriter out = writer(edns, 512);
  write_a(out, 1);
  write_a(out, 2);
  write_a(out, 3, Section::authority);
  write_a(out, 4, Section::additional);
  EXPECT_EQ(out.count(Section::answer), 2);
  EXPECT_EQ(out.count(Section::authority), 1);
  EXPECT_EQ(out.count(Section::additional), 1);
  const HeaderView header{finish(out).data()};
  EXPECT_EQ(header.question_count(), 1);
  EXPECT_EQ(header.answer_count(), 2);
  EXPECT_EQ(header.authority_count(), 1);
  EXPECT_EQ(header.additional_count(), 2) << "with the OPT";
}

TEST_F(ReplyWriterTest, PointsAtAnOwnerThatStandsInTheMessage) {
  ReplyWriter out = writer(plain, 512);
  const std::size_t at = out.offset();
  out.open(Section::answer, name("other.test").view(), Type::A, 60);
  out.put32(1);
  EXPECT_TRUE(out.close());
  const std::size_t before = out.offset();
  out.open_at(Section::answer, at, Type::A, 60);
  out.put32(2);
  EXPECT_TRUE(out.close());
  EXPECT_EQ(out.offset() - before, 16U) << "two bytes of owner";
  EXPECT_EQ(answers_of(finish(out))[1], "other.test. 60 IN A 0.0.0.2");
}

/// All of an A record but its owner, TTL 60.
std::string ready() {
  const Wire bytes = wire("0001 0001 0000003c 0004 c6336407");
  return {bytes.begin(), bytes.end()};
}

TEST_F(ReplyWriterTest, AddsRecordsThatStandReady) {
  ReplyWriter out = writer(plain, 512);
  EXPECT_TRUE(out.add_ready(Section::answer, kHeaderSize, ready(), 100));
  EXPECT_TRUE(out.add_ready(Section::additional, kHeaderSize, ready(), 30));
  const WireView reply = finish(out);
  EXPECT_EQ(answers_of(reply), std::vector<std::string>{"WEB.example. 60 IN A 198.51.100.7"});
  EXPECT_EQ(support::additionals_of(reply),
            std::vector<std::string>{"WEB.example. 30 IN A 198.51.100.7"})
      << "with the TTL lowered";
}

TEST_F(ReplyWriterTest, LeavesOutReadyRecordsThatDoNotFit) {
  ReplyWriter out = writer(plain, 512);
  std::size_t written = 0;
  while (out.add_ready(Section::answer, kHeaderSize, ready(), 60)) ++written;
  EXPECT_EQ(written, (512 - kPlain.size()) / 16);
  EXPECT_EQ(answers_of(finish(out)).size(), written);
}

TEST_F(ReplyWriterTest, AddsReadyRecordsWhoseOwnerNoPointerReaches) {
  ReplyWriter out = writer(plain, kMaxMessage);
  while (out.offset() < 0x4000) write_a(out, 7);
  const std::size_t at = out.offset();
  out.open(Section::answer, name("other.test").view(), Type::A, 60);
  out.put32(1);
  EXPECT_TRUE(out.close());
  EXPECT_TRUE(out.add_ready(Section::answer, at, ready(), 30));
  EXPECT_EQ(answers_of(finish(out)).back(), "other.test. 30 IN A 198.51.100.7");
}

TEST_F(ReplyWriterTest, TakesBackWholeWhatDoesNotFit) {
  ReplyWriter out = writer(plain, 512);
  std::size_t written = 0;
  while (write_a(out, 7)) ++written;
  EXPECT_EQ(written, (512 - kPlain.size()) / 16) << "as many as there is room for";
  EXPECT_EQ(out.count(Section::answer), written);
  const WireView reply = finish(out);
  EXPECT_EQ(reply.size(), kPlain.size() + written * 16);
  EXPECT_EQ(answers_of(reply).size(), written);
}

TEST_F(ReplyWriterTest, GoesOnAfterARecordThatDidNotFit) {
  ReplyWriter out = writer(plain, 512);
  out.open_at_question(Section::answer, Type::TXT, 60);
  for (int i = 0; i < 3; ++i) out.put_string(std::string(255, 'x'));
  EXPECT_FALSE(out.close());
  EXPECT_TRUE(write_a(out, 0xc6336407));
  EXPECT_EQ(answers_of(finish(out)), std::vector<std::string>{"WEB.example. 60 IN A 198.51.100.7"});
}

TEST_F(ReplyWriterTest, NeverWritesBeyondItsRoom) {
  for (std::size_t size = 512; size < 560; ++size) {
    Wire memory(size + 64, 0xee);
    ReplyWriter out(edns.query, WireSpan(memory).first(size), options);
    for (int i = 0; i < 40; ++i) {
      out.open(Section::answer, name("a.long.owner.test").view(), Type::TXT, 60);
      out.put8(1);
      out.put8('x');
      out.put_bytes(wire("01 'y'"));
      out.put_compressed(name("some.web.example").view());
      out.put_name(name("some.web.example").view());
      out.put16(1);
      out.put32(1);
      out.close();
    }
    const ExtendedErrorText extended{ExtendedError::OTHER, "why"};
    EXPECT_LE(out.finish({}, &extended), size);
    for (std::size_t i = size; i < memory.size(); ++i) ASSERT_EQ(memory[i], 0xee) << size;
  }
}

TEST_F(ReplyWriterTest, AlwaysHasRoomForTheOpt) {
  options.has_cookie = true;
  options.cookie.fill(7);
  options.keepalive = 100;
  for (std::size_t size = 512; size < 540; ++size) {
    ReplyWriter out = writer(edns, size);
    while (write_a(out, 7)) continue;
    const WireView reply = finish(out);
    const auto seen = support::edns_of(reply);
    ASSERT_TRUE(seen.has_value()) << size;
    EXPECT_EQ(seen->options.size(), 2U);
    EXPECT_GT(reply.size() + 16, size) << "room for the OPT and not for more";
  }
}

TEST_F(ReplyWriterTest, TakesBackAllSinceAMark) {
  ReplyWriter out = writer(plain, 512);
  write_a(out, 1);
  const auto mark = out.mark();
  write_a(out, 2);
  write_a(out, 3, Section::additional);
  out.rewind(mark);
  EXPECT_EQ(out.count(Section::answer), 1);
  EXPECT_EQ(out.count(Section::additional), 0);
  write_a(out, 4, Section::authority);
  const WireView reply = finish(out);
  EXPECT_EQ(answers_of(reply), std::vector<std::string>{"WEB.example. 60 IN A 0.0.0.1"});
  EXPECT_EQ(support::authorities_of(reply),
            std::vector<std::string>{"WEB.example. 60 IN A 0.0.0.4"});
  EXPECT_TRUE(support::additionals_of(reply).empty());
}

TEST_F(ReplyWriterTest, TellsEdnsClientsWhy) {
  const ExtendedErrorText extended{ExtendedError::STALE_ANSWER, "file:services.toml, 12 s old"};
  ReplyWriter out = writer(edns, 512);
  EXPECT_EQ(support::edns_of(finish(out, {}, &extended))->extended_error(),
            "3 file:services.toml, 12 s old");
  ReplyWriter bare = writer(plain, 512);
  EXPECT_EQ(finish(bare, {}, &extended).size(), kPlain.size());
}

TEST_F(ReplyWriterTest, DropsTheTextThenTheCodeOfAnExtendedErrorBeforeRecords) {
  const ExtendedErrorText extended{ExtendedError::OTHER,
                                   std::string_view("a sentence of 24 bytes..")};
  bool whole = false, code_alone = false, none = false;
  for (std::size_t size = 512; size < 560; ++size) {
    ReplyWriter out = writer(edns, size);
    std::size_t written = 0;
    while (write_a(out, 7)) ++written;
    const WireView reply = finish(out, {}, &extended);
    EXPECT_EQ(answers_of(reply).size(), written);
    const std::string said = support::edns_of(reply)->extended_error();
    whole = whole || said == "0 a sentence of 24 bytes..";
    code_alone = code_alone || said == "0 ";
    none = none || said.empty();
    EXPECT_LE(reply.size(), size);
  }
  EXPECT_TRUE(code_alone);
  EXPECT_TRUE(none);
  ReplyWriter roomy = writer(edns, 512);
  EXPECT_EQ(support::edns_of(finish(roomy, {}, &extended))->extended_error(),
            "0 a sentence of 24 bytes..");
  EXPECT_FALSE(whole) << "less than a record's 16 bytes cannot hold the 30 of the whole error";
}

TEST_F(ReplyWriterTest, NeverCompressesSrvTargets) {
  ReplyWriter out = writer(plain, 512);
  const std::size_t before = out.offset();
  out.open_at_question(Section::answer, Type::SRV, 5);
  for (int i = 0; i < 3; ++i) out.put16(1);
  out.put_name(name("a.web.example").view());
  EXPECT_TRUE(out.close());
  EXPECT_EQ(out.offset() - before, 12 + 6 + name("a.web.example").size());
}

class Compression : public ReplyWriterTest {
 protected:
  /// The bytes that `text` takes as the NS of a question for `question`.
  std::size_t size_of(std::string_view question, std::string_view text) {
    const Name asked_name = name(question);
    Asked asked(wire("1234 0100 0001 0000 0000 0000") +
                Wire(asked_name.data(), asked_name.data() + asked_name.size()) + wire("0002 0001"));
    ReplyWriter out = writer(asked, 1232);
    out.open_at_question(Section::answer, Type::NS, 5);
    const std::size_t before = out.offset();
    out.put_compressed(name(text).view());
    const std::size_t size = out.offset() - before;
    EXPECT_TRUE(out.close());
    const WireView reply = finish(out);
    EXPECT_EQ(answers_of(reply)[0],
              to_text(asked_name.view()) + " 5 IN NS " + to_text(name(text).view()));
    return size;
  }
};

TEST_F(Compression, PointsAtWhatIsSharedWithTheQuestion) {
  EXPECT_EQ(size_of("web.example", "web.example"), 2U);
  EXPECT_EQ(size_of("web.example", "a.web.example"), 4U);
  EXPECT_EQ(size_of("web.example", "ns.example"), 5U);
  EXPECT_EQ(size_of("web.example", "example"), 2U);
}

TEST_F(Compression, WritesWholeWhatIsNotShared) {
  EXPECT_EQ(size_of("web.example", "other.test"), 12U);
  EXPECT_EQ(size_of("web.example", "."), 1U);
  EXPECT_EQ(size_of(".", "web.example"), 13U);
  EXPECT_EQ(size_of("web.example", "example.web"), 13U);
}

TEST_F(Compression, SharesWholeLabelsOnly) {
  EXPECT_EQ(size_of("aweb.example", "web.example"), 6U) << "`example` is shared, `web` is not";
  EXPECT_EQ(size_of("web.aexample", "example"), 9U);
  // Inside the question's first label the bytes of `web.example` stand by chance.
  EXPECT_EQ(size_of(R"(\003web.example)", "web.example"), 6U);
  EXPECT_EQ(size_of(R"(x\003web\007example)", "web.example"), 13U);
}

TEST_F(ReplyWriterTest, CutsStringsAt255Bytes) {
  ReplyWriter out = writer(plain, 1232);
  out.open_at_question(Section::answer, Type::TXT, 5);
  out.put_string(std::string(300, 'a'));
  out.put_string("key=", std::string(300, 'b'));
  out.put_string("");
  EXPECT_TRUE(out.close());
  EXPECT_EQ(answers_of(finish(out))[0], "WEB.example. 5 IN TXT \"" + std::string(255, 'a') +
                                            "\" \"key=" + std::string(251, 'b') + "\" \"\"");
}

TEST_F(ReplyWriterTest, HasRoomForTheLongestQuestionWithEveryOption) {
  Wire longest = wire("1234 0100 0001 0000 0000 0001");
  for (int i = 0; i < 3; ++i) longest = longest + wire("3f") + Wire(63, 'a');
  longest = longest + wire("3d") + Wire(61, 'a') + wire("00 0001 0001 00 0029 04d0 00000000 0000");
  const Asked asked(longest);
  ASSERT_EQ(asked.verdict, QueryVerdict::fine);
  options.has_cookie = true;
  options.cookie.fill(1);
  ReplyWriter out = writer(asked, 512);
  EXPECT_TRUE(write_a(out, 1));
  EXPECT_EQ(answers_of(finish(out)).size(), 1U);
}

TEST_F(ReplyWriterTest, FillsAWholeTcpMessage) {
  ReplyWriter out = writer(plain, kMaxMessage);
  std::size_t written = 0;
  while (write_a(out, 7)) ++written;
  EXPECT_EQ(written, (kMaxMessage - kPlain.size()) / 16);
  EXPECT_EQ(answers_of(finish(out)).size(), written);
}

TEST_F(ReplyWriterTest, WritesOwnersOutWhereNoPointerReaches) {
  ReplyWriter out = writer(plain, kMaxMessage);
  while (out.offset() < 0x4000) write_a(out, 7);
  const std::size_t at = out.offset();
  out.open(Section::answer, name("other.test").view(), Type::A, 60);
  out.put32(1);
  EXPECT_TRUE(out.close());
  out.open_at(Section::answer, at, Type::A, 60);
  out.put32(2);
  EXPECT_TRUE(out.close());
  EXPECT_EQ(answers_of(finish(out)).back(), "other.test. 60 IN A 0.0.0.2");
}

}  // namespace
}  // namespace dns
