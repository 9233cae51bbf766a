#include "upstream/document_changes.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/followed_document.h"

namespace {

using Blocks = std::vector<std::string>;

/// Writes one service, and a document of several.
struct Format {
  std::string file;
  std::string (*block)(const std::string& name, const std::string& host, const std::string& more);
  std::string (*document)(const Blocks& blocks);
};

std::string toml_block(const std::string& name, const std::string& host, const std::string& more) {
  const std::string extra = more.empty() ? "" : "note = \"\"\"" + more + "\"\"\"\n";
  return "[[service]]\nname = \"" + name + "\"\n[[service.instance]]\nhost = \"" + host + "\"\n" +
         extra;
}
std::string toml_document(const Blocks& blocks) {
  std::string all;
  for (const auto& block : blocks) all += block;
  return all;
}
std::string json_block(const std::string& name, const std::string& host, const std::string& more) {
  const std::string extra = more.empty() ? "" : ", \"note\": \"" + more + "\"";
  return "{\"name\": \"" + name + "\", \"instances\": [{\"host\": \"" + host + "\"" + extra + "}]}";
}
std::string json_document(const Blocks& blocks) {
  std::string all;
  for (const auto& block : blocks) all += (all.empty() ? "" : ",\n  ") + block;
  return "{\"services\": [\n  " + all + "\n]}\n";
}

const Format kToml{"s.toml", toml_block, toml_document};
const Format kJson{"s.json", json_block, json_document};

class DocumentChanges : public testing::TestWithParam<Format> {
 protected:
  const Format& format = GetParam();
  support::FollowedDocument followed{format.file};

  std::string block(const std::string& name, const std::string& host = "10.0.0.1",
                    const std::string& more = "") const {
    return format.block(name, host, more);
  }
  Blocks many(int count = 40) const {
    Blocks blocks;
    for (int number = 0; number < count; ++number) blocks.push_back(block(name(number)));
    return blocks;
  }
  static std::string name(int number) { return "svc" + std::to_string(number); }
  std::string text(const Blocks& blocks) const { return format.document(blocks); }

  /// The services told when `after` follows `before`; -1: it was read whole.
  int told(const std::string& before, const std::string& after) {
    EXPECT_TRUE(followed.take(before));
    EXPECT_TRUE(followed.take(after)) << followed.error();
    return followed.by_delta() ? static_cast<int>(followed.changed()) : -1;
  }
  int told(const Blocks& before, const Blocks& after) { return told(text(before), text(after)); }
};

std::string format_name(const testing::TestParamInfo<Format>& info) {
  return info.param.file.substr(2);
}
INSTANTIATE_TEST_SUITE_P(Formats, DocumentChanges, testing::Values(kToml, kJson), format_name);

TEST_P(DocumentChanges, OneServiceIsTold) {
  for (const std::size_t number : {0U, 17U, 39U}) {
    Blocks after = many();
    after[number] = block(name(static_cast<int>(number)), "10.0.0.255");
    EXPECT_EQ(told(many(), after), 1) << number;
  }
}

TEST_P(DocumentChanges, AServiceIsAddedOrTakenOut) {
  for (const int number : {0, 17, 39}) {
    Blocks fewer = many();
    fewer.erase(fewer.begin() + number);
    EXPECT_EQ(told(many(), fewer), 1) << number;
    EXPECT_EQ(told(fewer, many()), 1) << number;
  }
}

TEST_P(DocumentChanges, AServiceIsAddedAtTheEnd) {
  Blocks more = many();
  more.push_back(block("new"));
  EXPECT_EQ(told(many(), more), 1);
}

TEST_P(DocumentChanges, ARenamedServiceIsOneThatGoesAndOneThatComes) {
  Blocks after = many();
  after[5] = block("other");
  EXPECT_EQ(told(many(), after), 2);
}

TEST_P(DocumentChanges, AnotherSpellingOfANameIsTheSameService) {
  Blocks after = many();
  after[5] = block("SVC5");
  EXPECT_EQ(told(many(), after), 1);
  after[5] = block("_svc5._tcp");
  EXPECT_EQ(told(many(), after), 1);
}

TEST_P(DocumentChanges, AServiceThatMovesIsNotToldAtAll) {
  Blocks after = many();
  std::rotate(after.begin() + 3, after.begin() + 4, after.begin() + 9);
  EXPECT_EQ(told(many(), after), 0);
}

TEST_P(DocumentChanges, SeveralFarApartAreTold) {
  Blocks after = many();
  after[2] = block(name(2), "10.0.0.2");
  after.erase(after.begin() + 20);
  after[30] = block(name(31), "10.0.0.3");
  after.insert(after.begin() + 36, block("new"));
  EXPECT_EQ(told(many(), after), 4);
}

TEST_P(DocumentChanges, ChangesOneAfterTheOtherAreAllTold) {
  Blocks blocks = many();
  ASSERT_TRUE(followed.take(text(blocks)));
  for (int round = 0; round < 30; ++round) {
    blocks[static_cast<std::size_t>(round)] = block("round" + std::to_string(round));
    if (round % 3 == 0) blocks.push_back(block("more" + std::to_string(round)));
    ASSERT_TRUE(followed.take(text(blocks)));
    EXPECT_TRUE(followed.by_delta()) << round;
  }
}

TEST_P(DocumentChanges, WhiteSpaceChangesNothing) {
  Blocks after = many();
  after[7] += " \n\t\n";
  EXPECT_EQ(told(many(), after), 0);
}

TEST_P(DocumentChanges, VersionsThatStandTogetherAreOneService) {
  Blocks before = many();
  before.insert(before.begin() + 5, 3, block(name(5), "10.0.0.2"));
  Blocks after = before;
  after[7] = block(name(5), "10.0.0.3");
  EXPECT_EQ(told(before, after), 1);
}

TEST_P(DocumentChanges, VersionsInSeveralPlacesAreReadWhole) {
  Blocks before = many();
  before.push_back(block(name(5), "10.0.0.2"));
  Blocks after = before;
  after[5] = block(name(5), "10.0.0.3");
  EXPECT_EQ(told(before, after), -1);
  EXPECT_EQ(told(many(), before), -1);
  before.back() = block("_SVC5._udp", "10.0.0.2");
  EXPECT_EQ(told(many(), before), -1);
}

TEST_P(DocumentChanges, ManyChangesAreReadWhole) {
  Blocks after = many();
  for (std::size_t i = 0; i < after.size(); i += 2) {
    after[i] = block("o" + std::to_string(i));
  }
  EXPECT_EQ(told(many(), after), -1);
}

TEST_P(DocumentChanges, WhatLooksLikeABlockInAStringIsNone) {
  const std::string odd =
      format.file == "s.toml" ? "\n[[service]]\nname = 'x'\n" : R"(}]}, {\"name\": \"x\"}, [\\)";
  Blocks after = many();
  after[7] = block(name(7), "10.0.0.1", odd);
  EXPECT_EQ(told(many(), after), 1);
  EXPECT_EQ(told(after, many()), 1);
}

TEST_P(DocumentChanges, ABrokenMiddleIsTheErrorOfTheWhole) {
  for (const std::size_t number : {0U, 17U, 39U}) {
    for (const std::size_t length : {1U, 9U, 20U, 30U}) {
      Blocks after = many();
      after[number].resize(after[number].size() - length);
      told(many(), after);
      after = many();
      after[number].insert(0, "\xef\xbb\xbf");
      told(many(), after);
      EXPECT_EQ(followed.error() == "", format.file == "s.toml" && number == 0);
    }
  }
}

TEST_P(DocumentChanges, ATruncatedDocumentIsTheErrorOfTheWhole) {
  const std::string whole = text(many(10));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_TRUE(followed.take(whole));
    EXPECT_TRUE(followed.take(whole.substr(0, size))) << size;
  }
}

TEST_P(DocumentChanges, LineEndsAndMarksOfOtherSystemsAreNoMatter) {
  Blocks before = many();
  for (auto& one : before) {
    for (std::size_t at = 0; (at = one.find('\n', at)) != std::string::npos; at += 2) {
      one.insert(at, 1, '\r');
    }
  }
  Blocks after = before;
  after[7] = block(name(7), "10.0.0.9");
  EXPECT_EQ(told(before, after), 1);
  const std::string mark = "\xef\xbb\xbf";
  told(mark + text(before), mark + text(after));
  EXPECT_EQ(told(text(before), mark + text(after)), -1);
}

TEST_P(DocumentChanges, PiecesAreOfSomeLength) {
  support::FollowedDocument longer{format.file, 400};
  ASSERT_TRUE(longer.take(text(many())));
  EXPECT_GT(longer.pieces(), 4U);
  EXPECT_LT(longer.pieces(), 10U);
  Blocks after = many();
  after[17] = block(name(17), "10.0.0.2");
  EXPECT_TRUE(longer.take(text(after)));
  EXPECT_TRUE(longer.by_delta());
  EXPECT_EQ(longer.changed(), 1U);
}

/// One edit of some bytes or blocks, not always a sound one.
class Edits {
 public:
  Edits(const Format& format, unsigned seed) : format_(format), random_(seed) {
    for (int i = 0; i < 12 + below(20); ++i) blocks_.push_back(any_block());
  }
  std::string next() {
    for (int edits = 1 + below(3); edits > 0; --edits) edit();
    std::string text = format_.document(blocks_);
    if (below(8) == 0) text.erase(at(text), static_cast<std::size_t>(below(12)));
    if (below(8) == 0)
      text.insert(at(text), kOdd[static_cast<std::size_t>(below(std::size(kOdd)))]);
    return text;
  }

 private:
  static constexpr const char* kOdd[] = {"\n",
                                         " ",
                                         ",",
                                         "[[service]]\n",
                                         "# x\n",
                                         "\"",
                                         "]",
                                         "}",
                                         "{",
                                         "]}",
                                         "'''",
                                         "\\",
                                         "\xef\xbb\xbf",
                                         "service = []\n",
                                         "name = 'y'\n",
                                         "[[service.instance]]\nhost = 'h'\n",
                                         "\r\n",
                                         "#"};

  int below(std::size_t most) { return static_cast<int>(random_() % most); }
  std::size_t at(const std::string& text) { return random_() % (text.size() + 1); }
  std::string any_block() {
    static const char* const kNotes[] = {"", "", "", "}]},{", "[[service]]", "#"};
    const char* note = kNotes[below(std::size(kNotes))];
    std::string name = (below(9) == 0 ? "S" : "s") + std::to_string(below(60));
    if (below(12) == 0) name = "_" + name + "._tcp";
    return format_.block(name, "10.0.0." + std::to_string(below(4)), note);
  }
  void edit() {
    const auto place = static_cast<std::ptrdiff_t>(random_() % blocks_.size());
    const int kind = below(6);
    if (kind == 0 && blocks_.size() > 5) blocks_.erase(blocks_.begin() + place);
    if (kind == 1) blocks_.insert(blocks_.begin() + place, any_block());
    if (kind == 2) blocks_.push_back(any_block());
    if (kind == 3) std::swap(blocks_[0], blocks_[static_cast<std::size_t>(place)]);
    if (kind > 3) blocks_[static_cast<std::size_t>(place)] = any_block();
  }

  const Format& format_;
  std::mt19937 random_;
  Blocks blocks_;
};

TEST_P(DocumentChanges, WhateverIsEditedTheCatalogIsThatOfTheWhole) {
  int by_delta = 0;
  for (unsigned seed = 1; seed <= 60; ++seed) {
    Edits edits(format, seed);
    support::FollowedDocument document(format.file, seed % 3 == 0 ? 200 : 1);
    for (int round = 0; round < 40; ++round) {
      const std::string text = edits.next();
      ASSERT_TRUE(document.take(text)) << "seed " << seed << " round " << round << "\n" << text;
      by_delta += document.by_delta() ? 1 : 0;
    }
  }
  EXPECT_GT(by_delta, 150);
}

class DocumentChangesOfToml : public DocumentChanges {};
INSTANTIATE_TEST_SUITE_P(Toml, DocumentChangesOfToml, testing::Values(kToml), format_name);

TEST_P(DocumentChangesOfToml, ACommentAtTheTopIsNoChange) {
  EXPECT_EQ(told("# of today\n" + text(many()), "# of another day\n\n" + text(many())), 0);
  EXPECT_EQ(told(text(many()), "# new\n" + text(many())), 0);
}

TEST_P(DocumentChangesOfToml, WhatIsPutBehindABlockBelongsToIt) {
  for (const std::string odd : {"service = [{name = 'x'}]\n", "weight = 3\n", "# comment "}) {
    std::string after = text(many());
    after.insert(after.find("[[service]]\nname = \"svc17\""), odd);
    EXPECT_TRUE(followed.take(text(many())));
    EXPECT_TRUE(followed.take(after)) << odd;
  }
  std::string after = text(many());
  after.insert(after.find("[[service]]\nname = \"svc17\""), "weight = 3\n");
  EXPECT_EQ(told(text(many()), after), 1);  // svc16, and nothing was read whole
}

TEST_P(DocumentChangesOfToml, WhatFollowsALastLineWithoutItsEndIsPartOfIt) {
  const std::string before = text(many()) + "# the end";
  EXPECT_EQ(told(before, before + text({block("new")})), 1);
  EXPECT_EQ(told(before, before + "\n" + text({block("new")})), 1);
}

class DocumentChangesOfJson : public DocumentChanges {};
INSTANTIATE_TEST_SUITE_P(Json, DocumentChangesOfJson, testing::Values(kJson), format_name);

TEST_P(DocumentChangesOfJson, CommasMustBeRight) {
  for (const std::size_t number : {0U, 17U, 39U}) {
    for (const std::string odd : {",", ",,", "]", "]}", "}", "null,", "], \"services\": ["}) {
      Blocks after = many();
      after[number] += odd;
      EXPECT_EQ(told(many(), after), -1) << odd;
      after = many();
      after[number].insert(0, odd);
      EXPECT_EQ(told(many(), after), -1) << odd;
    }
  }
  Blocks after = many();
  after.back() = "";
  EXPECT_EQ(told(many(), after), -1);
  EXPECT_NE(followed.error(), "");
}

TEST_P(DocumentChangesOfJson, NothingStandsBehindAByteThatEndsTheDocument) {
  Blocks after = many();
  after[17] += std::string("]}\0", 3);  // the library reads no further
  EXPECT_EQ(told(many(), after), -1);
}

}  // namespace
