#include "upstream/toml_pieces.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/documents.h"

namespace {

using upstream::kTomlPiece;
std::vector<std::string_view> toml_pieces(std::string_view text) {
  return upstream::toml_pieces(text, kTomlPiece);
}

const std::string kLong(kTomlPiece, '-');

std::string block(const std::string& name, const std::string& more = "") {
  return "[[service]]\nname = \"" + name + "\"\n" + more;
}
std::string joined(const std::vector<std::string_view>& pieces) {
  std::string all;
  for (const auto piece : pieces) all += piece;
  return all;
}

TEST(TomlPieces, CutsBeforeAServiceWhereTheOnesBeforeAreLong) {
  const std::string text = "# a catalog\n" + block("a", "# " + kLong + "\n") + "  " + block("b") +
                           block("c", "# " + kLong + "\n") + block("d");
  const auto pieces = toml_pieces(text);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(joined(pieces), text);
  EXPECT_EQ(pieces[1].substr(0, 13), "  [[service]]");
  EXPECT_EQ(pieces[2], block("d"));
}

TEST(TomlPieces, LeavesAloneWhatIsShortOrEmpty) {
  EXPECT_EQ(toml_pieces(block("a") + block("b")).size(), 1U);
  EXPECT_EQ(toml_pieces("").size(), 1U);
}

TEST(TomlPieces, DoesNotCutInAStringOrComment) {
  for (const std::string quote : {"\"\"\"", "'''"}) {
    const std::string text =
        block("a", "x = " + quote + kLong + "\n[[service]]\n" + quote + "\n# [[service]]\n");
    EXPECT_EQ(toml_pieces(text).size(), 1U) << quote;
  }
}

TEST(TomlPieces, LeavesADocumentWholeThatBeginsOtherwise) {
  const std::string more = "# " + kLong + "\n";
  EXPECT_EQ(toml_pieces("service = []\n" + more + block("a")).size(), 1U);
  EXPECT_EQ(toml_pieces("[[service.instance]]\n" + more + block("a")).size(), 1U);
}

TEST(TomlPieces, ErrorsAreWhereTheyAreInTheWholeDocument) {
  const std::string before = block("a", "# " + kLong + "\n");
  EXPECT_EQ(support::error_in("s.toml", before + block("b", "port = []\n")).substr(0, 12),
            "s.toml:6:8: ");
  EXPECT_EQ(support::error_in("s.toml", before + block("b", "port = \n")).substr(0, 9),
            "s.toml:6:");
}

TEST(TomlPieces, TheServicesOfAllPiecesAreRead) {
  const std::string more = "# " + kLong + "\n[[service.instance]]\nhost = \"10.0.0.1\"\n";
  const auto part = support::part_of("s.toml", block("a", more) + block("b", more) + block("a"));
  ASSERT_EQ(part.services.size(), 2U);
  EXPECT_EQ(part.services[1].name, "b");
}

}  // namespace
