#include "dnsd/signpost/options.h"

#include <gtest/gtest.h>

namespace signpost::tool {
namespace {

dns::Result<Options> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "signpost");
  return parse_options(static_cast<int>(words.size()), words.data());
}

std::string asked(const std::vector<const char*>& words) {
  const auto options = parse(words);
  if (!options.ok()) return options.error().message;
  const auto question = lookup_question(options.value());
  return question.ok() ? dns::to_text(question.value()) : question.error().message;
}

TEST(Options, ALookUpOfAShortNameIsForSrvInTheZone) {
  EXPECT_EQ(asked({"lookup", "time"}), "time.servicediscovery.internal. SRV");
  EXPECT_EQ(asked({"lookup", "_time._tcp"}), "_time._tcp.servicediscovery.internal. SRV");
  EXPECT_EQ(asked({"lookup", "time", "--zone", "corp.example"}), "time.corp.example. SRV");
  EXPECT_EQ(asked({"lookup", "time", "a"}), "time.servicediscovery.internal. A");
}

TEST(Options, ANameBelowTheZoneIsForSrvAnotherForAnAddress) {
  EXPECT_EQ(asked({"lookup", "1.0.time.servicediscovery.internal"}),
            "1.0.time.servicediscovery.internal. SRV");
  EXPECT_EQ(asked({"lookup", "web.example"}), "web.example. A");
  EXPECT_EQ(asked({"lookup", "localhost."}), "localhost. A");
  EXPECT_EQ(asked({"lookup", "web.example", "TYPE65280"}), "web.example. TYPE65280");
}

TEST(Options, AsksThisHostsDaemonByDefault) {
  const auto options = parse({"explain", "time"});
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options.value().server.address.to_text(), "127.0.0.1:53");
  EXPECT_EQ(options.value().control.to_text(), "127.0.0.1:5380");
  EXPECT_FALSE(options.value().json);
}

TEST(Options, TakesOtherPlaces) {
  const auto options =
      parse({"services", "--server", "[::1]:5300", "--control", "10.0.0.9", "--json"});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options.value().server.address.to_text(), "[::1]:5300");
  EXPECT_EQ(options.value().control.to_text(), "10.0.0.9:5380");
  EXPECT_TRUE(options.value().json);
}

TEST(Options, WhatIsNotUnderstoodIsNamed) {
  EXPECT_NE(asked({"lookup", "time", "NOSUCH"}).find("NOSUCH"), std::string::npos);
  EXPECT_NE(asked({"lookup", "time", "--server", "here"}).find("--server: "), std::string::npos);
  EXPECT_NE(asked({"lookup", "a..b"}).find("empty"), std::string::npos);
  EXPECT_FALSE(parse({}).ok());
  EXPECT_FALSE(parse({"nosuch"}).ok());
  EXPECT_FALSE(parse({"lookup"}).ok());
  EXPECT_FALSE(parse({"explain", "time", "--control", "localhost"}).ok());
  EXPECT_FALSE(parse({"lookup", "time", "--zone", "a..b"}).ok());
}

TEST(Options, HelpAndVersionArePrinted) {
  EXPECT_NE(parse({"--help"}).value().print->find("services"), std::string::npos);
  EXPECT_NE(parse({"lookup", "--help"}).value().print->find("signpost lookup"), std::string::npos);
  EXPECT_NE(parse({"lookup", "--help"}).value().print->find("--server"), std::string::npos);
  EXPECT_EQ(parse({"--version"}).value().print->substr(0, 9), "signpost ");
}

}  // namespace
}  // namespace signpost::tool
