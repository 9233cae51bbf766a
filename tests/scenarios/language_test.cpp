// The language itself: what it cannot read, and what it does not let pass.
#include <gtest/gtest.h>

#include "tests/scenarios/player.h"

namespace scenario {
namespace {

/// `LINE: sentence` of the first thing wrong; "" when all went well.
std::string wrong_in(const std::string& text) {
  const auto in_words = [](const Problem& problem) {
    return std::to_string(problem.line) + ": " + problem.sentence;
  };
  const auto parsed = parse(text);
  if (const auto* problem = std::get_if<Problem>(&parsed)) return in_words(*problem);
  const auto problem = Player(std::get<Scenario>(parsed)).play();
  return problem ? in_words(*problem) : "";
}

const std::string kConf = "conf\n  upstream 192.0.2.1\n";
const std::string kAsked =
    kConf + "client asks web.example. A\n192.0.2.1 is asked web.example. A\n";
const std::string kAnswered =
    kAsked + "192.0.2.1 answers NOERROR web.example. 60 IN A 198.51.100.7\n";

void expect_wrong(const std::string& text, const std::string& sentence) {
  const std::string wrong = wrong_in(text);
  EXPECT_TRUE(wrong.starts_with(sentence)) << wrong;
}

TEST(ScenarioLanguage, AWholeConversationIsFine) {
  EXPECT_EQ(wrong_in(kAnswered + "client hears NOERROR web.example. 60 IN A 198.51.100.7\n"), "");
}

TEST(ScenarioLanguage, NamesTheLineThatItCannotRead) {
  expect_wrong("\n# hello\nclient says web.example. A\n", "3: expected asks, sends or hears");
  expect_wrong("client asks web.example. B\n", "1: expected a type");
  expect_wrong("client asks web.example. A later\n", "1: expected a flag of a query");
  expect_wrong("client hears FINE\n", "1: expected NOERROR");
  expect_wrong("client hears NOERROR\n  web.example. 60 IN A here\n", "2: expected a record");
  expect_wrong("time passes soon\n", "1: expected a time such as 1500ms");
  expect_wrong("client sends 12 3\n", "1: expected hex digits");
  expect_wrong("192.0.2.999 is asked web.example. A\n", "1: ");
  expect_wrong("192.0.2.1 sleeps\n", "1: expected what a server does");
  expect_wrong("nobody is asked\n  web.example. 60 IN A 10.0.0.1\n", "2: expected a step");
  expect_wrong("client hears nothing\n  web.example. 60 IN A 10.0.0.1\n", "2: expected a step");
}

TEST(ScenarioLanguage, TheConfigurationIsReadByTheDaemonsOwnParser) {
  expect_wrong("conf\n  zone.tll = \"5s\"\n", "1: conf:1:6: expected a key of [zone]");
}

TEST(ScenarioPlayer, AQueryThatNobodyExpectedFails) {
  expect_wrong(kConf + "client asks web.example. A\nnobody is asked\n", "4: before this: asked");
  expect_wrong(kConf + "client asks web.example. A\n", "3: after the last step: asked");
}

TEST(ScenarioPlayer, AQueryThatIsNeverSentFails) {
  expect_wrong(kConf + "192.0.2.1 is asked web.example. A\n", "3: nobody is asked");
  expect_wrong("catalog is asked calc/1.0\n", "1: the catalog is not asked");
  expect_wrong(kConf + "192.0.2.1 answers NOERROR\n", "3: 192.0.2.1:53 was not asked");
}

TEST(ScenarioPlayer, AnotherQueryThanExpectedFails) {
  const std::string ask = kConf + "client asks web.example. A do\n";
  expect_wrong(ask + "192.0.2.1 is asked web.example. A\n", "4: instead: asked: 192.0.2.1:53 udp");
  expect_wrong(ask + "192.0.2.1 is asked web.example. AAAA do\n", "4: instead");
  expect_wrong(ask + "192.0.2.2 is asked web.example. A do\n", "4: instead");
  expect_wrong(ask + "192.0.2.1 is asked web.example. A over tcp do\n", "4: instead");
}

TEST(ScenarioPlayer, AReplyThatNobodyExpectedFails) {
  expect_wrong(kAnswered, "5: after the last step: client 127.0.0.1 hears NOERROR");
  expect_wrong(kAnswered + "client hears nothing\n", "6: instead: client 127.0.0.1 hears");
  expect_wrong(kAnswered + "time passes 1s\n", "6: before this: client 127.0.0.1 hears");
  expect_wrong(kAnswered + "client 2 hears NOERROR web.example. 60 IN A 198.51.100.7\n",
               "6: instead: client 127.0.0.1 hears");
}

TEST(ScenarioPlayer, AReplyThatNeverComesFails) {
  expect_wrong(kAsked + "client hears NOERROR\n", "5: nobody hears anything");
}

TEST(ScenarioPlayer, AnotherReplyThanExpectedFails) {
  expect_wrong(kAnswered + "client hears NXDOMAIN\n", "6: expected NXDOMAIN");
  expect_wrong(kAnswered + "client hears NOERROR aa web.example. 60 IN A 198.51.100.7\n",
               "6: expected aa");
  expect_wrong(kAnswered + "client hears NOERROR\n", "6: expected answer nothing");
  expect_wrong(kAnswered + "client hears NOERROR web.example. 59 IN A 198.51.100.7\n",
               "6: expected answer");
  expect_wrong(kAnswered + "client hears NOERROR ede 3 web.example. 60 IN A 198.51.100.7\n",
               "6: expected ede");
  expect_wrong(kAnswered + "client hears NOERROR\n  web.example. 60 IN A 198.51.100.[7-8]\n",
               "6: expected answer");
}

TEST(ScenarioPlayer, ACatalogThatCannotBeReadFailsUnlessItIsSaidToBeBroken) {
  expect_wrong("catalog\n  [[service]]\n  name = 1\n", "1: services.toml:2");
  expect_wrong("catalog broken\n", "1: it can be read");
  EXPECT_EQ(wrong_in("catalog broken\n  [[service]]\n  name = 1\n"), "");
}

}  // namespace
}  // namespace scenario
