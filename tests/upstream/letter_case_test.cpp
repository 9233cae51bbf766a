#include "upstream/letter_case.h"

#include <gtest/gtest.h>

#include "tests/support/heard.h"
#include "tests/support/records.h"
#include "upstream/query_writer.h"

namespace upstream {
namespace {

using support::message;
using support::question_of;

constexpr std::uint64_t kEverySecond = 0xaaaaaaaaaaaaaaaa;

std::string written(const std::string& name, LetterCase letters) {
  QueryBytes room;
  return question_of(write_query(support::upstream_query(name), 1, room, letters));
}

TEST(LetterCase, MixesTheLettersOfTheQuestionAlone) {
  EXPECT_EQ(written("web-1.example.", LetterCase(~0ULL)), "WEB-1.EXAMPLE. A");
  EXPECT_EQ(written("web-1.example.", LetterCase(kEverySecond)), "WeB-1.ExAmPlE. A");
  EXPECT_EQ(written("web-1.example.", LetterCase()), "web-1.example. A");
  const std::string label(63, 'a');
  EXPECT_EQ(written(label + "." + label + ".", LetterCase(1ULL << 63)).find('A'), 62U);
}

TEST(LetterCase, HasOneBitForEachByteOfAnyName) {
  constexpr std::uint64_t kDrawn = 0x9e3779b97f4a7c15;
  for (std::size_t size = 1; size < 255; ++size) {
    dns::Wire name(size, 'q');
    LetterCase(kDrawn).mix(name);
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_EQ(name[i], (kDrawn >> i % 64 & 1) != 0 ? 'Q' : 'q') << i << " of " << size;
    }
  }
  dns::Wire all;
  for (unsigned byte = 0; byte < 256; ++byte) all.push_back(static_cast<std::uint8_t>(byte));
  LetterCase(~0ULL).mix(all);
  for (unsigned byte = 0; byte < 256; ++byte) {
    EXPECT_EQ(all[byte], byte >= 'a' && byte <= 'z' ? byte - 0x20 : byte);
  }
}

TEST(LetterCase, ComparesLetterForLetter) {
  const dns::Name name = dns::Name::from_text("web.example").value();
  const LetterCase letters(kEverySecond);
  EXPECT_TRUE(letters.stands_at(message("WeB.ExAmPlE. A"), dns::kHeaderSize, name));
  for (const char* other : {"web.example. A", "WEB.EXAMPLE. A", "WeB.ExAmPle. A"}) {
    EXPECT_FALSE(letters.stands_at(message(other), dns::kHeaderSize, name)) << other;
  }
  EXPECT_FALSE(letters.stands_at(message("WeB.ExAmPlE. A"), 20, name));
  EXPECT_FALSE(letters.stands_at(message("WeB. A"), dns::kHeaderSize, name));
}

TEST(LetterCase, IsTakenBackFromTheQuestionAndItsOwnersAlone) {
  auto wire = message("WeB.ExAmPlE. A", {.answer = {"WeB.ExAmPlE. 60 IN CNAME WWW.example.",
                                                    "WWW.example. 60 IN A 198.51.100.7"}});
  restore_case(wire, dns::Name::from_text("web.example").value(), LetterCase(kEverySecond));
  EXPECT_EQ(question_of(wire), "web.example. A");
  EXPECT_EQ(support::answers_of(wire)[0].substr(0, 12), "web.example.");
  EXPECT_EQ(support::answers_of(wire)[1].substr(0, 4), "WWW.") << "as the zone spells it";
}

}  // namespace
}  // namespace upstream
