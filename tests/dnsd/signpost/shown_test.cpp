#include "dnsd/signpost/shown.h"

#include <gtest/gtest.h>

namespace signpost::tool {
namespace {

TEST(Shown, LeavesPrintableAsciiAsItIs) {
  EXPECT_EQ(shown("time-1 in: \"catalog\" says \\ healthy~"),
            "time-1 in: \"catalog\" says \\ healthy~");
}

TEST(Shown, HasNoByteThatATerminalActsOn) {
  EXPECT_EQ(shown("a\x1b[31mb\nc\r\t\x7f"), "a\\027[31mb\\010c\\013\\009\\127");
  EXPECT_EQ(shown(std::string_view("\0", 1)), "\\000");
  EXPECT_EQ(shown("\xc2\x9b"), "\\194\\155") << "a C1 control in UTF-8";
  EXPECT_EQ(shown("\xe2\x80\xae"), "\\226\\128\\174") << "text that runs backwards";
}

TEST(Table, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(table({{"A", "LONG", "C"}, {"wide-one", "b", ""}, {"x", "y", "z"}}),
            "A         LONG  C\n"
            "wide-one  b\n"
            "x         y     z\n");
}

TEST(Table, ShowsItsCells) {
  EXPECT_EQ(table({{"A"}, {"a\nb"}}), "A\na\\010b\n");
}

}  // namespace
}  // namespace signpost::tool
