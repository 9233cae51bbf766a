#include "upstream/reply_check.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace upstream {
namespace {

using support::message;

constexpr std::uint16_t kId = 0x1234;
const dns::Question kAsked{dns::Name::from_text("web.example").value(), dns::Type::A,
                           dns::Class::IN};
const std::vector<std::string> kAnswer{"web.example. 60 IN A 198.51.100.7"};

ReplyVerdict check(const dns::Wire& wire) {
  return check_reply(wire, kId, kAsked);
}

/// A reply that stops anywhere, in a block of just its size so that ASan sees a read beyond.
ReplyVerdict check_cut(const dns::Wire& wire, std::size_t size) {
  const dns::Wire cut(wire.begin(), wire.begin() + static_cast<std::ptrdiff_t>(size));
  return check(cut);
}

TEST(ReplyCheck, TakesTheAnswerToWhatWasAsked) {
  EXPECT_EQ(check(message("web.example. A", {.answer = kAnswer, .id = kId})), ReplyVerdict::good);
  EXPECT_EQ(check(message("web.example. A", {.answer = kAnswer, .edns = true, .id = kId})),
            ReplyVerdict::good);
}

TEST(ReplyCheck, TakesTheQuestionInAnyCase) {
  EXPECT_EQ(check(message("WEB.Example. A", {.answer = kAnswer, .id = kId})), ReplyVerdict::good);
}

TEST(ReplyCheck, WaitsPastAnotherCaseWhereItWasMixed) {
  const LetterCase letters(~0ULL);
  EXPECT_EQ(check_reply(message("WEB.EXAMPLE. A", {.id = kId}), kId, kAsked, letters),
            ReplyVerdict::good);
  EXPECT_EQ(check_reply(message("WEB.EXAMPLe. A", {.id = kId}), kId, kAsked, letters),
            ReplyVerdict::wrong_case);
  EXPECT_EQ(check_reply(message("WWW.EXAMPLE. A", {.id = kId}), kId, kAsked, letters),
            ReplyVerdict::not_ours);
  auto header = message("web.example. A", {.rcode = dns::Rcode::REFUSED, .id = kId});
  header.resize(dns::kHeaderSize);
  header[5] = 0;
  EXPECT_EQ(check_reply(header, kId, kAsked, letters), ReplyVerdict::next_server);
}

TEST(ReplyCheck, TakesNxdomainForAnAnswer) {
  EXPECT_EQ(check(message("web.example. A", {.rcode = dns::Rcode::NXDOMAIN, .id = kId})),
            ReplyVerdict::good);
}

TEST(ReplyCheck, WaitsPastAnotherIdNameTypeOrClass) {
  EXPECT_EQ(check(message("web.example. A", {.answer = kAnswer, .id = kId + 1})),
            ReplyVerdict::not_ours);
  EXPECT_EQ(check(message("www.example. A", {.id = kId})), ReplyVerdict::not_ours);
  EXPECT_EQ(check(message("web.example. AAAA", {.id = kId})), ReplyVerdict::not_ours);
  auto chaos = message("web.example. A", {.id = kId});
  chaos.back() = 3;
  EXPECT_EQ(check(chaos), ReplyVerdict::not_ours);
}

TEST(ReplyCheck, WaitsPastQueriesAndOtherOpcodes) {
  auto wire = message("web.example. A", {.answer = kAnswer, .id = kId});
  wire[2] &= 0x7f;
  EXPECT_EQ(check(wire), ReplyVerdict::not_ours) << "QR=0";
  wire[2] |= 0x80 | 4 << 3;
  EXPECT_EQ(check(wire), ReplyVerdict::not_ours) << "NOTIFY";
}

TEST(ReplyCheck, WaitsPastMessagesTooShortToMatch) {
  const auto wire = message("web.example. A", {.answer = kAnswer, .id = kId});
  for (std::size_t size = 0; size < 12 + 13 + 4; ++size) {
    EXPECT_EQ(check_cut(wire, size), ReplyVerdict::not_ours) << size;
  }
}

TEST(ReplyCheck, AsksTheNextServerAfterAMessageCutInItsRecords) {
  const auto wire = message("web.example. A", {.answer = kAnswer, .edns = true, .id = kId});
  for (std::size_t size = 12 + 13 + 4; size < wire.size(); ++size) {
    EXPECT_EQ(check_cut(wire, size), ReplyVerdict::next_server) << size;
  }
}

TEST(ReplyCheck, AsksTheNextServerAfterBytesBehindTheEnd) {
  auto wire = message("web.example. A", {.answer = kAnswer, .id = kId});
  wire.push_back(0);
  EXPECT_EQ(check(wire), ReplyVerdict::next_server);
}

TEST(ReplyCheck, AsksTheNextServerAfterAnErrorOfTheServer) {
  for (const auto rcode : {dns::Rcode::SERVFAIL, dns::Rcode::REFUSED, dns::Rcode{9}}) {
    EXPECT_EQ(check(message("web.example. A", {.rcode = rcode, .id = kId})),
              ReplyVerdict::next_server);
  }
}

TEST(ReplyCheck, TellsThatTheQueryWasNotUnderstood) {
  for (const auto rcode : {dns::Rcode::FORMERR, dns::Rcode::NOTIMP}) {
    EXPECT_EQ(check(message("web.example. A", {.rcode = rcode, .id = kId})), ReplyVerdict::formerr);
  }
}

TEST(ReplyCheck, ReadsBadversOutOfTheOpt) {
  auto wire = message("web.example. A", {.edns = true, .id = kId});
  wire[wire.size() - 6] = 1;  // the OPT's extended rcode
  EXPECT_EQ(check(wire), ReplyVerdict::formerr);
}

TEST(ReplyCheck, TakesAnErrorThatIsAHeaderAlone) {
  auto wire = message("web.example. A", {.rcode = dns::Rcode::FORMERR, .id = kId});
  wire.resize(12);
  wire[5] = 0;
  EXPECT_EQ(check(wire), ReplyVerdict::formerr);
  wire[3] = 0x80;  // NOERROR
  EXPECT_EQ(check(wire), ReplyVerdict::not_ours);
}

TEST(ReplyCheck, SeesTruncationWhateverIsCut) {
  const auto wire = message("web.example. A", {.answer = kAnswer, .truncated = true, .id = kId});
  EXPECT_EQ(check(wire), ReplyVerdict::truncated);
  EXPECT_EQ(check_cut(wire, wire.size() - 2), ReplyVerdict::truncated);
}

TEST(ReplyCheck, RefusesAnAddressOfTheWrongSize) {
  auto wire = message("web.example. A", {.answer = kAnswer, .id = kId});
  wire[wire.size() - 5] = 3;
  wire.pop_back();
  EXPECT_EQ(check(wire), ReplyVerdict::next_server);
}

TEST(ReplyCheck, RefusesACnameThatPointsForward) {
  auto wire = message("web.example. A", {.answer = {"web.example. 60 IN CNAME a."}, .id = kId});
  // The target `a.` is three bytes at the end: a pointer to itself and one more.
  dns::put16(&wire[wire.size() - 3], static_cast<std::uint16_t>(0xc000 + wire.size() - 3));
  EXPECT_EQ(check(wire), ReplyVerdict::next_server);
}

TEST(ReplyCheck, RefusesTwoOptsAndAnOptThatIsNoAdditional) {
  const auto opt = dns::Wire{0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0};
  auto wire = message("web.example. A", {.edns = true, .id = kId});
  wire.insert(wire.end(), opt.begin(), opt.end());
  wire[11] = 2;
  EXPECT_EQ(check(wire), ReplyVerdict::next_server);
  auto misplaced = message("web.example. A", {.edns = true, .id = kId});
  std::swap(misplaced[7], misplaced[11]);  // the OPT counts as ANSWER
  EXPECT_EQ(check(misplaced), ReplyVerdict::next_server);
}

TEST(ReplyCheck, LetsRecordsOffTheChainThrough) {
  EXPECT_EQ(check(message("web.example. A",
                          {.answer = {"other.example. 60 IN A 203.0.113.66"}, .id = kId})),
            ReplyVerdict::good);
}

}  // namespace
}  // namespace upstream
