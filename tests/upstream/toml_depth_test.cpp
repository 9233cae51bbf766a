#include "upstream/toml_depth.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using upstream::toml_too_deep;

const std::string kDots = "a.b.c.d.e.f.g.h.i.j";  // nine

TEST(TomlDepth, CountsTheDotsOfOneName) {
  EXPECT_EQ(toml_too_deep("[[service.instance]]\nport = 1.5\n"), std::nullopt);
  EXPECT_EQ(toml_too_deep("[a.b.c.d.e.f.g.h.i]"), std::nullopt);
  EXPECT_EQ(toml_too_deep("[" + kDots + "]"), 18u);
  EXPECT_EQ(toml_too_deep("x = { " + kDots + " = 1 }"), 23u);
  EXPECT_EQ(toml_too_deep("\"a\" . 'b' . c.d.e.f.g.h.i.j=1"), 25u);
}

TEST(TomlDepth, PassesOverStringsAndComments) {
  const std::vector<std::string> texts = {
      "x = \"" + kDots + "\"",
      "x = '" + kDots + "'",
      "# " + kDots,
      "x = \"\\\"" + kDots + "\"",
      "x = \"\"\"\n" + kDots + "\"\n" + kDots + "\\\"\"\"" + kDots + "\"\"\"\"",
      "x = '''\n" + kDots + "\\'''",
      std::string("x = '\\'")};
  for (const std::string& text : texts) {
    EXPECT_EQ(toml_too_deep(text), std::nullopt) << text;
  }
}

TEST(TomlDepth, LooksBehindStringsAndComments) {
  const std::vector<std::string> texts = {"x = \"a\"\n",   "x = 'a\\'\n",         "# a\n",
                                          "x = '''a'''\n", "x = \"\"\"a\"\"\"\n", "x = \"open\n",
                                          "x = \"\"\n"};
  const std::string deep = "[" + kDots + "]";
  for (const std::string& before : texts) {
    EXPECT_NE(toml_too_deep(before + deep), std::nullopt) << before;
  }
}

}  // namespace
