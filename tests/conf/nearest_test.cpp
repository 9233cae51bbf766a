#include "conf/nearest.h"

#include <gtest/gtest.h>

namespace conf {
namespace {

TEST(EditDistance, CountsLettersPutInLeftOutChangedAndSwapped) {
  EXPECT_EQ(edit_distance("listen", "listen"), 0U);
  EXPECT_EQ(edit_distance("lisen", "listen"), 1U);
  EXPECT_EQ(edit_distance("listeen", "listen"), 1U);
  EXPECT_EQ(edit_distance("lisken", "listen"), 1U);
  EXPECT_EQ(edit_distance("litsen", "listen"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
}

TEST(Nearest, IsTheOneWithTheFewestChanges) {
  EXPECT_EQ(nearest("adresses", {"allow", "addresses", "address"}), "addresses");
}

TEST(Nearest, IsNothingWhenAllAreFar) {
  EXPECT_EQ(nearest("zebra", {"addresses", "allow"}), std::nullopt);
  EXPECT_EQ(nearest("", {"a"}), std::nullopt);
  EXPECT_EQ(nearest(std::string(100, 'a'), {std::string(100, 'a')}), std::nullopt);
}

TEST(Listed, ReadsAsASentenceDoes) {
  EXPECT_EQ(listed({}), "");
  EXPECT_EQ(listed({"a"}), "a");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(listed({"a", "b"}, "or"), "a or b");
}

}  // namespace
}  // namespace conf
