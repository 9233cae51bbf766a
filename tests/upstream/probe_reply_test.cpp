#include "upstream/probe_reply.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

/// Byte by byte, as a hostile network could cut it; how many were read until it was enough.
std::size_t bytes_until_enough(ProbeReply& reply, const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (reply.read(text.substr(i, 1))) return i + 1;
  }
  return std::string::npos;
}

/// `enough` of `text` is all that is waited for, whether it comes in one piece or in many.
void expect_enough(const std::string& enough, int status, const std::string& more = "") {
  ProbeReply whole, pieces;
  EXPECT_TRUE(whole.read(enough + more)) << enough;
  EXPECT_EQ(bytes_until_enough(pieces, enough + more), enough.size()) << enough;
  for (const auto* one : {&whole, &pieces}) {
    EXPECT_EQ(one->fault(), "") << enough;
    EXPECT_EQ(one->status(), status) << enough;
  }
}

std::string fault_of(const std::string& text, bool ended = false) {
  ProbeReply whole, pieces;
  const bool enough = whole.read(text);
  bytes_until_enough(pieces, text);
  EXPECT_TRUE(enough || ended) << text;
  if (ended) whole.ended(), pieces.ended();
  EXPECT_EQ(whole.fault(), pieces.fault()) << text;
  return whole.fault();
}

TEST(ProbeReply, AHeadAndTheBodyThatItNamesAreEnough) {
  expect_enough("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "more");
  expect_enough("HTTP/1.0 503 \r\ncontent-length:0\r\n\r\n", 503);
  expect_enough("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200);
  expect_enough("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", 200);  // as old servers write it
}

TEST(ProbeReply, AStatusWithoutABodyNeedsNone) {
  expect_enough("HTTP/1.1 204 No Content\r\n\r\n", 204);
  expect_enough("HTTP/1.1 304 Not Modified\r\nContent-Length: 70\r\n\r\n", 304);
}

TEST(ProbeReply, InterimAnswersArePassedBy) {
  expect_enough(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      200);
}

TEST(ProbeReply, ALastChunkEndsABody) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n";
  for (const char* end : {"\r\n\r\n", ";ext=1\r\n\r\n", "00\r\n\r\n", "\r\nX-Sum: 1\r\n\r\n"}) {
    expect_enough(head + "2\r\nok\r\n0", 200, end);
    expect_enough(head + "0", 200, end);
  }
}

TEST(ProbeReply, FourKibibytesOfABodyAreEnough) {
  expect_enough("HTTP/1.1 200 OK\r\n\r\n" + std::string(kProbeBodyMost, 'b'), 200);
  expect_enough(
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + std::string(kProbeBodyMost, 'b'),
      200);
}

TEST(ProbeReply, WithoutALengthTheEndOfTheConnectionIsTheBodys) {
  EXPECT_EQ(fault_of("HTTP/1.0 200 OK\r\n\r\nok", true), "");
}

TEST(ProbeReply, AnAnswerCutShortIsNone) {
  EXPECT_EQ(fault_of("", true), "ended without an answer");
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\nConte", true), "ended within its head");
  EXPECT_EQ(fault_of("HTTP/1.1 100 Continue\r\n\r\n", true), "ended within its head");
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", true),
            "ended within its body");
  EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok", true),
            "ended within its body");
}

TEST(ProbeReply, WhatIsNoHttpIsSaidAtOnce) {
  for (const char* text : {"SSH-2.0-OpenSSH_9.2", "\r\n", "HTTP/2 200\r\n", "HTTP/1.1 20\r\n",
                           "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 abc OK\r\n", "HTTP/1.1 099 No\r\n"}) {
    EXPECT_EQ(fault_of(text), "no answer in HTTP/1") << text;
  }
}

TEST(ProbeReply, ALengthThatIsNoNumberIsAFault) {
  for (const char* length : {"-1", "two", "", "99999999999999999999999", "1, 1"}) {
    EXPECT_EQ(fault_of("HTTP/1.1 200 OK\r\nContent-Length: " + std::string(length) + "\r\n\r\n"),
              "a Content-Length that is no number")
        << length;
  }
}

TEST(ProbeReply, AHeadWithoutEndIsAFault) {
  const std::string head = "HTTP/1.1 200 OK\r\nX: ";
  EXPECT_EQ(fault_of(head + std::string(kProbeHeadMost, 'a')), "a head of more than 65536 bytes");
  std::string lines = "HTTP/1.1 200 OK\r\n";
  while (lines.size() <= kProbeHeadMost) lines += "X: y\r\n";
  EXPECT_EQ(fault_of(lines), "a head of more than 65536 bytes");
}

TEST(ProbeReply, ALongLineHidesNoOtherOne) {
  expect_enough(
      "HTTP/1.1 200 OK\r\nX: " + std::string(1000, 'a') + "\r\nContent-Length: 1\r\n\r\nk", 200);
}

}  // namespace
}  // namespace upstream
