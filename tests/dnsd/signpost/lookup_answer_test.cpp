#include "dnsd/signpost/lookup_answer.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace signpost::tool {
namespace {

using dns::Rcode;

/// A message whose OPT has this Extended DNS Error.
dns::Wire with_error(dns::Wire message, std::uint8_t code, const std::string& text) {
  ++message[11];
  const auto size = static_cast<std::uint8_t>(text.size() + 2);
  const dns::Wire opt{0, 0,  41, 4,    0xd0, 0,   0, 0, 0, 0, static_cast<std::uint8_t>(size + 4),
                      0, 15, 0,  size, 0,    code};
  message.insert(message.end(), opt.begin(), opt.end());
  message.insert(message.end(), text.begin(), text.end());
  return message;
}

dns::Wire authoritative(dns::Wire message) {
  message[2] |= 0x04;
  return message;
}

Said said_of(const std::string& question, const dns::Wire& reply) {
  const auto blank = question.find(' ');
  const dns::Question asked{dns::Name::from_text(question.substr(0, blank)).value(),
                            *dns::type_from_text(question.substr(blank + 1)), dns::Class::IN};
  const auto said = lookup_answer(asked, reply, "127.0.0.1");
  EXPECT_TRUE(said.ok());
  return said.value();
}

bool has(const Said& said, const std::string& text) {
  return said.text.find(text) != std::string::npos;
}

TEST(LookupAnswer, PrintsWhatDigWouldAndWhatItMeans) {
  const auto said = said_of(
      "time.z. SRV",
      authoritative(support::message("time.z. SRV", {.answer = {"time.z. 5 IN SRV 1 300 8081 a.z.",
                                                                "time.z. 5 IN SRV 1 100 8082 b.z."},
                                                     .additional = {"a.z. 5 IN A 10.0.0.1"}})));
  EXPECT_EQ(said.status, answered);
  EXPECT_TRUE(has(said, ";; flags: qr aa rd ra")) << said.text;
  EXPECT_TRUE(has(said, ";; QUESTION SECTION:\n;time.z. IN SRV\n"));
  EXPECT_TRUE(has(said, ";; ANSWER SECTION:\ntime.z. 5 IN SRV 1 300 8081 a.z.\n"));
  EXPECT_TRUE(has(said, ";; ADDITIONAL SECTION:\na.z. 5 IN A 10.0.0.1\n"));
  EXPECT_FALSE(has(said, "AUTHORITY SECTION"));
  EXPECT_TRUE(has(said, "time.z. SRV: 2 records; the server answers for this name itself\n"));
  EXPECT_TRUE(has(said, "75 %     a.z.    8081  1         300\n"));
}

TEST(LookupAnswer, SaysWhatCameFromUpstream) {
  const auto said =
      said_of("w.x. A", support::message("w.x. A", {.answer = {"w.x. 5 IN A 10.0.0.1"}}));
  EXPECT_TRUE(has(said, "w.x. A: 1 record; the server heard it from upstream\n")) << said.text;
}

TEST(LookupAnswer, NoSuchNameAndNoDataAreOne) {
  const auto none = said_of("n.z. A", support::message("n.z. A", {.rcode = Rcode::NXDOMAIN}));
  EXPECT_EQ(none.status, nothing);
  EXPECT_TRUE(has(none, "there is no such name")) << none.text;
  const auto empty = said_of("n.z. A", support::message("n.z. A"));
  EXPECT_EQ(empty.status, nothing);
  EXPECT_TRUE(has(empty, "the name exists, but has no such record")) << empty.text;
  const auto alias =
      said_of("n.z. A", support::message("n.z. A", {.answer = {"n.z. 5 IN CNAME gone.example."}}));
  EXPECT_EQ(alias.status, nothing);
}

TEST(LookupAnswer, FailuresAreTwo) {
  const auto failure = said_of(
      "n.z. A", with_error(support::message("n.z. A", {.rcode = Rcode::SERVFAIL}), 14, "not read"));
  EXPECT_EQ(failure.status, failed);
  EXPECT_TRUE(has(failure, "the server could not answer (SERVFAIL)\nNot Ready: not read\n"))
      << failure.text;
  EXPECT_TRUE(has(failure, ";; EDE: 14 (Not Ready): not read\n"));
  EXPECT_EQ(said_of("n.z. A", support::message("n.z. A", {.rcode = Rcode::REFUSED})).status,
            failed);
}

TEST(LookupAnswer, SaysThatItIsStale) {
  const auto said =
      said_of("t.z. A", with_error(support::message("t.z. A", {.answer = {"t.z. 5 IN A 10.0.0.1"}}),
                                   3, "file:a: 12 s old"));
  EXPECT_TRUE(has(said, "the answer is stale: file:a: 12 s old\n")) << said.text;
  EXPECT_EQ(said.document["stale"], true);
  EXPECT_EQ(said.document["fail_open"], false);
}

TEST(LookupAnswer, SaysThatItFailsOpen) {
  const auto reply =
      with_error(support::message("t.z. A", {.answer = {"t.z. 5 IN A 10.0.0.1"}}), 0, "none is");
  EXPECT_TRUE(has(said_of("t.z. A", authoritative(reply)), "fail open: none is\n"));
  EXPECT_EQ(said_of("t.z. A", authoritative(reply)).document["fail_open"], true);
  EXPECT_EQ(said_of("t.z. A", reply).document["fail_open"], false) << "not of the zone";
}

TEST(LookupAnswer, SaysItAllInJson) {
  const auto said =
      said_of("t.z. SRV", support::message("t.z. SRV", {.answer = {"t.z. 5 IN SRV 1 0 80 a.z."}}));
  EXPECT_EQ(said.document["question"], Json({{"name", "t.z."}, {"type", "SRV"}}));
  EXPECT_EQ(said.document["server"], "127.0.0.1");
  EXPECT_EQ(said.document["rcode"], "NOERROR");
  EXPECT_EQ(said.document["answer"], Json({"t.z. 5 IN SRV 1 0 80 a.z."}));
  EXPECT_EQ(said.document["shares"][0]["percent"], 100.0);
}

TEST(LookupAnswer, HostileTextReachesNoTerminal) {
  const auto said = said_of(
      "t.z. TXT",
      with_error(support::message("t.z. TXT", {.answer = {"t.z. 5 IN TXT \"\\027[2J\\007\""}}), 3,
                 "\x1b]0;title\x07\nforged line"));
  for (const char c : said.text)
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  EXPECT_TRUE(has(said, "\\027]0;title\\007\\010forged line")) << said.text;
}

TEST(LookupAnswer, OtherBytesAreAnError) {
  const dns::Question question{dns::Name(), dns::Type::A, dns::Class::IN};
  EXPECT_FALSE(lookup_answer(question, dns::Wire{1, 2, 3}, "127.0.0.1").ok());
}

}  // namespace
}  // namespace signpost::tool
