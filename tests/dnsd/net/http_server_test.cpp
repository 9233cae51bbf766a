#include "dnsd/net/http_server.h"

#include <memory>
#include <optional>

#include "dnsd/net/curl_client.h"
#include "tests/support/fake_host_resolver.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/tcp_peer.h"

namespace net {
namespace {

using std::chrono::milliseconds;
using support::TcpPeer;

const dns::SocketAddress kAnyPort{dns::IpAddress::v4(0x7f000001), 0};

class HttpServerTest : public support::LoopTest {
 protected:
  std::vector<HttpQuestion> questions;
  std::vector<HttpAnswerer> waiting;
  std::unique_ptr<HttpServer> server;

  /// Answers each request with "<method> <path>", or keeps it in `waiting`.
  void open(bool answer_at_once = true, const HttpServerLimits& limits = {}) {
    auto opened = HttpServer::open(
        loop, kAnyPort,
        [this, answer_at_once](HttpQuestion question, HttpAnswerer answerer) {
          questions.push_back(std::move(question));
          const HttpQuestion& asked = questions.back();
          if (answer_at_once) {
            answerer.answer({200, "text/plain", asked.method + " " + asked.path, {}});
          } else {
            waiting.push_back(std::move(answerer));
          }
        },
        limits);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    server = std::move(opened).value();
  }

  std::unique_ptr<TcpPeer> say(const std::string& bytes) {
    auto peer = std::make_unique<TcpPeer>(loop);
    peer->connect(server->local(), bytes);
    return peer;
  }

  /// What comes back until the server closes or the answer holds `last`.
  std::string heard(const std::string& bytes, const std::string& last) {
    const auto peer = say(bytes);
    run_until([&] { return peer->ended || peer->heard.find(last) != std::string::npos; });
    return peer->heard;
  }
};

bool starts(const std::string& text, const std::string& with) {
  return text.compare(0, with.size(), with) == 0;
}

TEST_F(HttpServerTest, AnswersOnThePortThatItPicked) {
  open();
  EXPECT_NE(server->local().port, 0);
  const std::string reply = heard("GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "GET /health");
  EXPECT_TRUE(starts(reply, "HTTP/1.1 200 OK\r\n")) << reply;
  EXPECT_NE(reply.find("Content-Type: text/plain\r\n"), std::string::npos) << reply;
}

TEST_F(HttpServerTest, HandsOverAllOfTheRequest) {
  open();
  heard(
      "POST /a%20b?x=1&y=%2F&x=2&z HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"7\"\r\n"
      "Content-Length: 4\r\n\r\nbody",
      "POST /a b");
  ASSERT_EQ(questions.size(), 1U);
  const HttpQuestion& question = questions[0];
  EXPECT_EQ(question.path, "/a b");
  EXPECT_EQ(question.query, (HttpFields{{"x", "1"}, {"y", "/"}, {"x", "2"}, {"z", ""}}));
  EXPECT_EQ(*find_field(question.headers, "if-none-match"), "\"7\"");
  EXPECT_EQ(find_field(question.headers, "absent"), nullptr);
  EXPECT_EQ(question.body, "body");
  EXPECT_TRUE(question.peer.ip.is_loopback());
}

TEST_F(HttpServerTest, AConnectionCarriesRequestAfterRequest) {
  open();
  const auto peer = say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(run_until([&] { return peer->heard.find("GET /2") != std::string::npos; }));
}

TEST_F(HttpServerTest, AHeadHasNoBody) {
  open();
  const std::string reply = heard("HEAD /x HTTP/1.0\r\n\r\n", "never");
  EXPECT_NE(reply.find("Content-Length: 7\r\n"), std::string::npos) << reply;
  EXPECT_TRUE(reply.ends_with("\r\n\r\n")) << reply;
}

TEST_F(HttpServerTest, AnAnswerMayComeLater) {
  open(false);
  const auto peer = say("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  run_until([this] { return waiting.size() == 1; });
  run_for(milliseconds(30));
  EXPECT_EQ(peer->heard, "");
  waiting[0].answer({304, "text/plain", "", {{"ETag", "\"7\""}}});
  EXPECT_TRUE(run_until([&] { return peer->heard.find("ETag: \"7\"") != std::string::npos; }));
  EXPECT_TRUE(starts(peer->heard, "HTTP/1.1 304 "));
}

TEST_F(HttpServerTest, AWaitingAnswerIsNotAnIdleConnection) {
  open(false, {.connections = 64, .headers = 32768, .body = 65536, .idle = dns::Seconds(1)});
  const auto peer = say("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto silent = say("GET /unfinished");
  EXPECT_TRUE(run_until([&] { return silent->ended; }, milliseconds(4000)));
  ASSERT_EQ(waiting.size(), 1U);
  waiting[0].answer({200, "text/plain", "at last", {}});
  EXPECT_TRUE(run_until([&] { return peer->heard.find("at last") != std::string::npos; }));
}

TEST_F(HttpServerTest, AForgottenAnswerIsAnError) {
  open(false);
  const auto peer = say("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  run_until([this] { return waiting.size() == 1; });
  waiting.clear();
  EXPECT_TRUE(run_until([&] { return peer->heard.find("no answer") != std::string::npos; }));
  EXPECT_TRUE(starts(peer->heard, "HTTP/1.1 500 "));
}

TEST_F(HttpServerTest, AnAnswerToAClientThatHasGoneIsNoError) {
  open(false);
  auto peer = say("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  run_until([this] { return waiting.size() == 1; });
  peer.reset();
  run_for(milliseconds(10));
  waiting[0].answer({});
  run_for(milliseconds(10));
}

TEST_F(HttpServerTest, RefusesALargeBodyByItsAnnouncement) {
  open();
  const std::string reply =
      heard("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", "larger");
  EXPECT_TRUE(starts(reply, "HTTP/1.1 413 ")) << reply;
  EXPECT_TRUE(questions.empty());
}

TEST_F(HttpServerTest, RefusesALargeBodyThatCameInChunks) {
  open();
  const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
  const std::string reply =
      heard("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk +
                chunk + "0\r\n\r\n",
            "larger");
  EXPECT_TRUE(starts(reply, "HTTP/1.1 413 ")) << reply;
  EXPECT_TRUE(questions.empty());
}

TEST_F(HttpServerTest, DoesNotReadAnEndlessBody) {
  open();
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  std::string body;
  for (int i = 0; i < 20; ++i) body += chunk;
  const std::string reply =
      heard("POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body, "never");
  EXPECT_TRUE(questions.empty());
}

TEST_F(HttpServerTest, TakesABodyOfTheLimit) {
  open();
  heard("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n" + std::string(65536, 'b'),
        "POST /x");
  ASSERT_EQ(questions.size(), 1U);
  EXPECT_EQ(questions[0].body.size(), 65536U);
}

TEST_F(HttpServerTest, RefusesLargeHeaders) {
  open();
  const std::string reply =
      heard("GET /x HTTP/1.1\r\nX: " + std::string(40000, 'x') + "\r\n\r\n", "never");
  EXPECT_TRUE(starts(reply, "HTTP/1.1 431 ") || starts(reply, "HTTP/1.1 413 ")) << reply;
  EXPECT_TRUE(questions.empty());
}

TEST_F(HttpServerTest, MoreClientsThanTheLimitWait) {
  open(true, {.connections = 1, .headers = 32768, .body = 65536, .idle = dns::Seconds(10)});
  auto first = say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  run_until([&] { return !first->heard.empty(); });
  const auto second = say("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  run_for(milliseconds(50));
  EXPECT_EQ(second->heard, "");
  first.reset();
  EXPECT_TRUE(run_until([&] { return second->heard.find("GET /2") != std::string::npos; }));
}

TEST_F(HttpServerTest, AnsweringManyClientsAtOnce) {
  open();
  support::FakeHostResolver resolver;
  CurlClient client(loop, resolver, {});
  int answered = 0;
  for (int i = 0; i < 50; ++i) {
    HttpRequest request;
    request.url = "http://" + server->local().to_text() + "/";
    request.timeout = milliseconds(5000);
    client.send(std::move(request), [&](const HttpOutcome& outcome) {
      answered += std::holds_alternative<HttpReply>(outcome) ? 1 : 0;
    });
  }
  EXPECT_TRUE(run_until([&] { return answered == 50; }));
}

TEST_F(HttpServerTest, MayBeDestroyedByItsHandler) {
  bool called = false;
  auto opened = HttpServer::open(loop, kAnyPort, [&](const HttpQuestion&, HttpAnswerer answerer) {
    server.reset();
    answerer.answer({});
    called = true;
  });
  server = std::move(opened).value();
  const auto peer = say("GET /x HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(run_until([&] { return called && peer->ended; }));
}

TEST_F(HttpServerTest, MayBeDestroyedWithAnswersOutstanding) {
  open(false);
  const auto one = say("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto half = say("POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  run_until([this] { return waiting.size() == 1; });
  server.reset();
  waiting[0].answer({});
  EXPECT_TRUE(run_until([&] { return one->ended && half->ended; }));
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  open();
  const auto second = HttpServer::open(loop, server->local(), [](auto, auto) {});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().message,
            "cannot listen on " + server->local().to_text() + " (TCP): Address already in use");
}

}  // namespace
}  // namespace net
