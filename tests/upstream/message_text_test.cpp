#include "upstream/message_text.h"

#include <gtest/gtest.h>

#include "tests/support/records.h"

namespace upstream {
namespace {

using Lines = std::vector<std::string>;

/// `message` with an OPT that holds these bytes as options.
dns::Wire with_options(dns::Wire message, const dns::Wire& options, std::uint8_t upper_rcode = 0) {
  dns::put16(&message[10], static_cast<std::uint16_t>(dns::get16(&message[10]) + 1));
  const dns::Wire opt{0, 0, 41, 4, 0xd0, upper_rcode, 0, 0, 0};
  message.insert(message.end(), opt.begin(), opt.end());
  message.push_back(static_cast<std::uint8_t>(options.size() >> 8));
  message.push_back(static_cast<std::uint8_t>(options.size()));
  message.insert(message.end(), options.begin(), options.end());
  return message;
}

TEST(MessageText, ShowsEachSectionAsZoneText) {
  const auto text =
      message_text(support::message("time.z. SRV", {.answer = {"time.z. 5 IN SRV 1 100 80 a.z."},
                                                    .authority = {"z. 5 IN NS ns.z."},
                                                    .additional = {"a.z. 5 IN A 10.0.0.1"}}));
  ASSERT_TRUE(text.ok()) << text.error().message;
  EXPECT_EQ(text.value().answer, Lines{"time.z. 5 IN SRV 1 100 80 a.z."});
  EXPECT_EQ(text.value().authority, Lines{"z. 5 IN NS ns.z."});
  EXPECT_EQ(text.value().additional, Lines{"a.z. 5 IN A 10.0.0.1"});
  EXPECT_EQ(text.value().rcode, dns::Rcode::NOERROR);
  EXPECT_FALSE(text.value().authoritative);
}

TEST(MessageText, HasAHeaderLikeDigs) {
  const auto text =
      message_text(support::message("a.z. A", {.rcode = dns::Rcode::NXDOMAIN, .id = 4711}));
  ASSERT_TRUE(text.ok());
  EXPECT_NE(text.value().header.find("rcode: NXDOMAIN, id: 4711"), std::string::npos)
      << text.value().header;
  EXPECT_NE(text.value().header.find("flags: qr rd ra"), std::string::npos);
}

TEST(MessageText, ReadsExtendedErrors) {
  const auto text = message_text(
      with_options(support::message("a.z. A"), {0, 10, 0, 1, 9,                         // a cookie
                                                0, 15, 0, 5, 0,    3,   'o', 'l', 'd',  // code 3
                                                0, 15, 0, 2, 0x12, 0x67}));             // code 4711
  ASSERT_TRUE(text.ok());
  ASSERT_EQ(text.value().errors.size(), 2U);
  EXPECT_EQ(text.value().errors[0].code, 3);
  EXPECT_EQ(text.value().errors[0].text, "old");
  EXPECT_EQ(text.value().errors[1].code, 4711);
  EXPECT_EQ(text.value().errors[1].text, "");
}

TEST(MessageText, AnOptionThatIsCutEndsTheList) {
  const auto text =
      message_text(with_options(support::message("a.z. A"), {0, 15, 0, 9, 0, 3, 'o'}));
  EXPECT_TRUE(!text.ok() || text.value().errors.empty());
}

TEST(MessageText, TheRcodesUpperBitsStandInOpt) {
  const auto text = message_text(with_options(support::message("a.z. A"), {}, 1));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text.value().rcode, dns::Rcode::BADVERS);
}

TEST(MessageText, WhatIsNotPrintableIsEscaped) {
  const auto text = message_text(
      support::message("t.z. TXT", {.answer = {"t.z. 5 IN TXT \"a\\027[31mb\\010c\\200\""}}));
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text.value().answer, Lines{"t.z. 5 IN TXT \"a\\027[31mb\\010c\\200\""});
}

TEST(MessageText, BrokenBytesAreASentence) {
  dns::Wire message = support::message("a.z. A", {.answer = {"a.z. 5 IN A 10.0.0.1"}});
  message.resize(message.size() - 2);
  const auto text = message_text(message);
  ASSERT_FALSE(text.ok());
  EXPECT_NE(text.error().message.find("no DNS message"), std::string::npos);
}

TEST(MessageText, NamesExtendedErrorsAsIanaDoes) {
  EXPECT_EQ(name_of_extended_error(0), "Other");
  EXPECT_EQ(name_of_extended_error(3), "Stale Answer");
  EXPECT_EQ(name_of_extended_error(14), "Not Ready");
  EXPECT_EQ(name_of_extended_error(19), "Stale NXDOMAIN Answer");
  EXPECT_EQ(name_of_extended_error(23), "Network Error");
  EXPECT_EQ(name_of_extended_error(29), "Synthesized");
  EXPECT_EQ(name_of_extended_error(4711), "code 4711");
}

}  // namespace
}  // namespace upstream
