#include "dnsd/dns/message_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/records.h"
#include "tests/support/wire_text.h"

namespace dns {
namespace {

using support::wire;
using support::operator+;

const Wire kHeader = wire("1234 8180 0001 0001 0000 0000");
const Wire kQuestion = wire("03 'Web' 07 'example' 00 0001 0001");
const Wire kRecord = wire("c00c 0001 0001 0000003c 0004 c6336407");

/// What is found when `message` is walked to the end.
struct Walk {
  explicit Walk(WireView message) {
    MessageReader reader(message);
    readable = reader.read_question(question);
    if (!readable) return;
    RecordView record;
    while (reader.next(record)) records.push_back(record);
    whole = reader.whole();
  }
  bool readable = false, whole = false;
  Question question;
  std::vector<RecordView> records;
};

TEST(MessageReader, ReadsTheQuestion) {
  const Walk walk(kHeader + kQuestion + kRecord);
  ASSERT_TRUE(walk.readable);
  EXPECT_EQ(to_text(walk.question), "web.example. A");
  EXPECT_EQ(walk.question.qclass, Class::IN);
}

TEST(MessageReader, SaysWhereARecordsPartsAre) {
  const Wire message = kHeader + kQuestion + kRecord;
  const Walk walk(message);
  ASSERT_EQ(walk.records.size(), 1U);
  EXPECT_TRUE(walk.whole);
  const RecordView& record = walk.records[0];
  EXPECT_EQ(record.section, Section::answer);
  EXPECT_EQ(record.type, Type::A);
  EXPECT_EQ(record.rclass, 1);
  EXPECT_EQ(record.ttl, 60U);
  EXPECT_EQ(record.owner_at, 29U);
  EXPECT_EQ(record.ttl_at, 35U);
  EXPECT_EQ(record.rdata_at, 41U);
  EXPECT_EQ(record.rdata_size, 4U);
  EXPECT_EQ(record.end, message.size());
}

TEST(MessageReader, WalksAllSectionsInOrder) {
  const Wire message = support::message(
      "web.example. A",
      {.answer = {"web.example. 60 IN CNAME a.example.", "a.example. 5 IN A 1.2.3.4"},
       .authority = {"example. 300 IN NS ns.example."},
       .additional = {"ns.example. 300 IN AAAA ::1"},
       .edns = true});
  const Walk walk(message);
  EXPECT_TRUE(walk.whole);
  std::vector<std::pair<Section, Type>> seen;
  for (const auto& record : walk.records) seen.emplace_back(record.section, record.type);
  EXPECT_EQ(seen, (std::vector<std::pair<Section, Type>>{{Section::answer, Type::CNAME},
                                                         {Section::answer, Type::A},
                                                         {Section::authority, Type::NS},
                                                         {Section::additional, Type::AAAA},
                                                         {Section::additional, Type::OPT}}));
}

TEST(MessageReader, WalksAMessageWithoutRecords) {
  const Walk walk(wire("1234 8183 0001 0000 0000 0000") + kQuestion);
  EXPECT_TRUE(walk.readable);
  EXPECT_TRUE(walk.records.empty());
  EXPECT_TRUE(walk.whole);
}

TEST(MessageReader, WantsAHeaderAndOneQuestion) {
  const Wire message = kHeader + kQuestion;
  for (std::size_t size = 0; size < message.size(); ++size)
    EXPECT_FALSE(Walk(WireView(message).first(size)).readable) << size;
  EXPECT_FALSE(Walk(wire("1234 8180 0000 0000 0000 0000")).readable);
  EXPECT_FALSE(Walk(wire("1234 8180 0002 0000 0000 0000") + kQuestion + kQuestion).readable);
  EXPECT_FALSE(Walk(kHeader + wire("c00c 0001 0001")).readable) << "a pointer at itself";
}

TEST(MessageReader, SeesARecordThatIsCut) {
  const Wire message = kHeader + kQuestion + kRecord;
  for (std::size_t size = (kHeader + kQuestion).size(); size < message.size(); ++size) {
    const Walk walk(WireView(message).first(size));
    EXPECT_TRUE(walk.records.empty()) << size;
    EXPECT_FALSE(walk.whole) << size;
  }
}

TEST(MessageReader, SeesWhatFollowsTheLastRecord) {
  const Walk walk(kHeader + kQuestion + kRecord + wire("00"));
  EXPECT_EQ(walk.records.size(), 1U);
  EXPECT_FALSE(walk.whole);
}

TEST(MessageReader, SeesARecordThatIsAnnouncedAndMissing) {
  const Walk walk(wire("1234 8180 0001 0002 0000 0000") + kQuestion + kRecord);
  EXPECT_EQ(walk.records.size(), 1U);
  EXPECT_FALSE(walk.whole);
}

TEST(MessageReader, IsNotWholeBeforeTheEnd) {
  const Wire message = kHeader + kQuestion + kRecord;
  MessageReader reader(message);
  Question question;
  ASSERT_TRUE(reader.read_question(question));
  EXPECT_FALSE(reader.whole());
}

TEST(MessageReader, StopsForGoodAtABrokenRecord) {
  const Wire broken = wire("80 00 0001 0001 0000003c 0004 c6336407");  // no such label type
  const Wire message = wire("1234 8180 0001 0002 0000 0000") + kQuestion + broken + kRecord;
  MessageReader reader(message);
  Question question;
  RecordView record;
  ASSERT_TRUE(reader.read_question(question));
  EXPECT_FALSE(reader.next(record));
  EXPECT_FALSE(reader.next(record));
  EXPECT_FALSE(reader.whole());
}

}  // namespace
}  // namespace dns
