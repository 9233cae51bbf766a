#include "conf/check.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace conf {
namespace {

class Check : public testing::Test {
 protected:
  support::TemporaryFolder folder;

  Checked check_text(const std::string& text, const Environment& environment = {}) {
    CommandLine line;
    line.config_file = folder / "signpost.toml";
    support::write_file(line.config_file, text);
    return check(line, environment);
  }
};

TEST_F(Check, AGoodFileIsNothingToSay) {
  const auto checked = check_text("[zone]\nttl = \"7s\"\n");
  EXPECT_EQ(checked.status, 0);
  EXPECT_EQ(checked.text, "");
}

TEST_F(Check, AWrongOneIsAStatusAndAPlace) {
  const auto checked = check_text("[zone]\nttl = \"soon\"\n");
  EXPECT_EQ(checked.status, 1);
  EXPECT_NE(checked.text.find("signpost.toml:2:7: "), std::string::npos) << checked.text;
  EXPECT_TRUE(checked.text.ends_with("\n"));
}

TEST_F(Check, AWarningIsNoFault) {
  const auto checked = check_text("", {"SIGNPOST_PORT=tcp://10.0.0.1:80"});
  EXPECT_EQ(checked.status, 0);
  EXPECT_NE(checked.text.find("SIGNPOST_PORT"), std::string::npos) << checked.text;
}

}  // namespace
}  // namespace conf
