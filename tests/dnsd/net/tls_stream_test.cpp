// TLS connections as the network gives them, against a server of OpenSSL's.
#include "dnsd/net/tls_stream.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "dnsd/net/loop_network.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/tcp_peer.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tls_echo_server.h"

namespace net {
namespace {

using support::CertificateWish;
using support::TestCertificate;
using support::TlsEchoServer;

struct Receiver final : StreamReceiver {
  bool is_connected = false;
  std::string bytes;
  int ends = 0;
  std::string why;
  std::unique_ptr<Stream> stream;
  bool destroy_on_bytes = false;

  void connected() override { is_connected = true; }
  void received(dns::WireView more) override {
    bytes.append(more.begin(), more.end());
    if (destroy_on_bytes) stream.reset();
  }
  void ended(const std::string& reason) override {
    ++ends;
    why = reason;
    stream.reset();
  }
};

class TlsStreamTest : public support::LoopTest {
 protected:
  TlsStreamTest() {
    support::write_file(folder / "authorities.pem", authority.certificate);
    const std::string path = folder / "authorities.pem";
    setenv("SSL_CERT_FILE", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  }
  ~TlsStreamTest() override { unsetenv("SSL_CERT_FILE"); }  // NOLINT(concurrency-mt-unsafe)

  TestCertificate signed_for(std::vector<std::string> names, long good_until = 3600) const {
    CertificateWish wish;
    wish.names = std::move(names);
    wish.good_until = good_until;
    wish.good_from = std::min(-60L, good_until - 60);
    wish.issuer = &authority;
    return support::make_certificate("server", wish);
  }

  void connect(const TlsEchoServer& server, const std::string& name) {
    connector = network.open_tls(server.address(), name);
    connect_again();
  }
  void connect_again() {
    receiver.is_connected = false;
    receiver.bytes.clear();
    receiver.stream = connector->connect(receiver);
  }
  void say(const std::string& words) { receiver.stream->send({words.begin(), words.end()}); }
  bool hears(const std::string& words) {
    return run_until([&] { return receiver.bytes == words || receiver.ends > 0; }) &&
           receiver.bytes == words;
  }
  /// Why the connection failed, and that nothing of what was to be sent has left.
  std::string refusal(const TlsEchoServer& server, const std::string& name) {
    connect(server, name);
    say("secret");
    EXPECT_TRUE(run_until([&] { return receiver.ends > 0; }));
    EXPECT_FALSE(receiver.is_connected);
    EXPECT_TRUE(run_until([&] { return server.met().size() == 1; }, dns::Milliseconds(1000)) ||
                server.met().size() == 1);
    for (const auto& met : server.met()) EXPECT_EQ(met.heard, "");
    return receiver.why;
  }
  bool met_all(const TlsEchoServer& server, std::size_t count) {
    for (int i = 0; i < 500 && server.met().size() < count; ++i) run_for(dns::Milliseconds(10));
    return server.met().size() == count;
  }

  support::TemporaryFolder folder;
  TestCertificate authority = support::make_authority("Authority of a test");
  LoopNetwork network{loop, 16};
  std::unique_ptr<Connector> connector;
  Receiver receiver;
};

TEST_F(TlsStreamTest, CarriesBytesToAServerThatProvesItsName) {
  const TlsEchoServer server(signed_for({"DNS:other.example", "DNS:good.example"}));
  connect(server, "good.example");
  say("said before it was connected, ");
  ASSERT_TRUE(run_until([&] { return receiver.is_connected || receiver.ends > 0; }));
  ASSERT_EQ(receiver.why, "");
  say("and after");
  EXPECT_TRUE(hears("said before it was connected, and after"));
  EXPECT_EQ(receiver.stream->unsent(), 0U);
  receiver.stream.reset();
  ASSERT_TRUE(met_all(server, 1));
  const auto met = server.met()[0];
  EXPECT_EQ(met.name, "good.example") << "SNI";
  EXPECT_EQ(met.protocol, "dot") << "ALPN";
  EXPECT_EQ(met.version, TLS1_3_VERSION);
  EXPECT_TRUE(met.good_bye);
}

TEST_F(TlsStreamTest, CarriesMoreThanOneRecordHolds) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}));
  connect(server, "good.example");
  std::string much;
  for (int i = 0; much.size() < 300'000; ++i) much += std::to_string(i) + " ";
  say(much);
  EXPECT_TRUE(hears(much));
}

TEST_F(TlsStreamTest, WithoutANameTheAddressMustBeInTheCertificate) {
  const TlsEchoServer server(signed_for({"IP:127.0.0.1"}));
  connect(server, "");
  say("hello");
  EXPECT_TRUE(hears("hello")) << receiver.why;
  receiver.stream.reset();
  ASSERT_TRUE(met_all(server, 1));
  EXPECT_EQ(server.met()[0].name, "") << "an address is no SNI";
}

TEST_F(TlsStreamTest, ANameMayBeAnAddressAndMayEndWithADot) {
  const TlsEchoServer server(signed_for({"IP:127.0.0.1", "DNS:good.example"}));
  connect(server, "127.0.0.1");
  say("one");
  EXPECT_TRUE(hears("one")) << receiver.why;
  receiver.stream.reset();
  connect(server, "good.example.");
  say("two");
  EXPECT_TRUE(hears("two")) << receiver.why;
}

TEST_F(TlsStreamTest, TheNextConnectionTakesTheSessionUp) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}));
  connect(server, "good.example");
  for (const std::string words : {"one", "two", "three"}) {
    say(words);
    ASSERT_TRUE(hears(words)) << receiver.why;
    receiver.stream.reset();
    connect_again();
  }
  receiver.stream.reset();
  ASSERT_TRUE(met_all(server, 4));
  EXPECT_FALSE(server.met()[0].resumed);
  EXPECT_TRUE(server.met()[1].resumed);
  EXPECT_TRUE(server.met()[2].resumed) << "each with a ticket of its own";
}

TEST_F(TlsStreamTest, ASessionOfTls12IsTakenUpToo) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}), TLS1_2_VERSION);
  connect(server, "good.example");
  for (const std::string words : {"one", "two"}) {
    say(words);
    ASSERT_TRUE(hears(words)) << receiver.why;
    receiver.stream.reset();
    if (words == "one") connect_again();
  }
  ASSERT_TRUE(met_all(server, 2));
  EXPECT_EQ(server.met()[1].version, TLS1_2_VERSION);
  EXPECT_TRUE(server.met()[1].resumed);
}

TEST_F(TlsStreamTest, ASessionEndsWithItsCertificate) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}, 2));
  connect(server, "good.example");
  say("one");
  ASSERT_TRUE(hears("one")) << receiver.why;
  receiver.stream.reset();
  run_for(dns::Milliseconds(3000));
  connect_again();
  ASSERT_TRUE(run_until([&] { return receiver.ends > 0 || receiver.is_connected; }));
  EXPECT_EQ(receiver.why.substr(0, 27), "its certificate expired on ");
}

TEST_F(TlsStreamTest, RefusesACertificateForAnotherName) {
  const TlsEchoServer server(signed_for({"DNS:bad.example"}));
  EXPECT_EQ(refusal(server, "good.example"),
            "its certificate is for bad.example, expected good.example");
}

TEST_F(TlsStreamTest, RefusesACertificateWithoutTheAddress) {
  const TlsEchoServer server(
      signed_for({"DNS:a.example", "DNS:b.example", "IP:127.0.0.2", "IP:2001:db8::1"}));
  EXPECT_EQ(
      refusal(server, ""),
      "its certificate is for a.example, b.example, 127.0.0.2 and 1 more, expected 127.0.0.1");
}

TEST_F(TlsStreamTest, ASubjectIsNoName) {
  CertificateWish wish;
  wish.issuer = &authority;
  const TlsEchoServer server(support::make_certificate("good.example", wish));
  EXPECT_EQ(refusal(server, "good.example"),
            "its certificate is for no name at all, expected good.example");
}

TEST_F(TlsStreamTest, RefusesAnExpiredCertificate) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}, -86'400));
  EXPECT_EQ(refusal(server, "good.example").substr(0, 27), "its certificate expired on ");
}

TEST_F(TlsStreamTest, RefusesACertificateOfTheFuture) {
  CertificateWish wish;
  wish.names = {"DNS:good.example"};
  wish.issuer = &authority;
  wish.good_from = 86'400;
  wish.good_until = 2L * 86'400;
  const TlsEchoServer server(support::make_certificate("server", wish));
  EXPECT_EQ(refusal(server, "good.example").substr(0, 35), "its certificate is not good before ");
}

TEST_F(TlsStreamTest, RefusesACertificateThatSignsItself) {
  const TlsEchoServer server(support::make_certificate("good.example"));
  EXPECT_EQ(refusal(server, "good.example"),
            "its certificate is signed by itself, and not trusted by this machine");
}

TEST_F(TlsStreamTest, RefusesACertificateOfAnUnknownAuthority) {
  const TestCertificate unknown = support::make_authority("Nobody");
  CertificateWish wish;
  wish.names = {"DNS:good.example"};
  wish.issuer = &unknown;
  const TlsEchoServer server(support::make_certificate("server", wish));
  EXPECT_EQ(refusal(server, "good.example"),
            "its certificate is signed by an authority that this machine does not trust (see "
            "ca-certificates, or SSL_CERT_FILE)");
}

TEST_F(TlsStreamTest, RefusesAVersionThatIsTooOld) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}), TLS1_1_VERSION);
  EXPECT_NE(refusal(server, "good.example").find("protocol version"), std::string::npos)
      << receiver.why;
}

TEST_F(TlsStreamTest, TellsOfAServerThatDoesNotSpeakTls) {
  support::ScriptedServer plain(loop, [](support::TcpPeer&, const std::string&) {});
  connector = network.open_tls(plain.address(), "good.example");
  connect_again();
  say("secret");
  ASSERT_TRUE(run_until([&] { return !plain.peers.empty() && !plain.peers[0]->heard.empty(); }));
  plain.peers[0]->say("HTTP/1.1 400 Bad Request\r\n\r\n");
  ASSERT_TRUE(run_until([&] { return receiver.ends > 0; }));
  EXPECT_EQ(receiver.why, "it does not speak TLS, or none that is new enough (1.2)");
  EXPECT_EQ(plain.peers[0]->heard.find("secret"), std::string::npos);
}

TEST_F(TlsStreamTest, TellsOfAServerThatLeavesDuringTheHandshake) {
  support::ScriptedServer plain(loop, [](support::TcpPeer&, const std::string&) {});
  connector = network.open_tls(plain.address(), "good.example");
  connect_again();
  ASSERT_TRUE(run_until([&] { return !plain.peers.empty() && !plain.peers[0]->heard.empty(); }));
  plain.peers[0]->close();
  ASSERT_TRUE(run_until([&] { return receiver.ends > 0; }));
  EXPECT_EQ(receiver.why, "it closed the connection before TLS was agreed on");
}

TEST_F(TlsStreamTest, WhatCameBeforeTheEndIsHeard) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}));
  connect(server, "good.example");
  say("bye");
  ASSERT_TRUE(run_until([&] { return receiver.ends > 0; }));
  EXPECT_EQ(receiver.bytes, "bye");
  EXPECT_EQ(receiver.why, "") << "an orderly end";
}

TEST_F(TlsStreamTest, MayBeDestroyedAtAnyTime) {
  const TlsEchoServer server(signed_for({"DNS:good.example"}));
  connect(server, "good.example");
  receiver.stream.reset();
  connect_again();
  ASSERT_TRUE(run_until([&] { return receiver.is_connected; }));
  receiver.destroy_on_bytes = true;
  say("hello");
  EXPECT_TRUE(run_until([&] { return receiver.stream == nullptr; }));
  EXPECT_EQ(receiver.bytes, "hello");
  EXPECT_EQ(receiver.ends, 0);
}

}  // namespace
}  // namespace net
