#include "dnsd/net/curl_client.h"

#include <curl/curl.h>
#include <netdb.h>

#include <atomic>
#include <memory>
#include <optional>

#include "tests/support/fake_host_resolver.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/tcp_peer.h"

namespace {
std::atomic<int> getaddrinfo_calls{0};
}

// Takes the place of the C library's, for libcurl too: nothing may come here.
extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
  ++getaddrinfo_calls;
  return EAI_FAIL;
}

namespace net {
namespace {

using std::chrono::milliseconds;
using support::http_reply;
using support::ScriptedServer;
using support::TcpPeer;

const dns::IpAddress kLoopback = dns::IpAddress::v4(0x7f000001);

class CurlClientTest : public support::LoopTest {
 protected:
  support::FakeHostResolver resolver;
  std::unique_ptr<CurlClient> client =
      std::make_unique<CurlClient>(loop, resolver, ProxySettings{});
  std::vector<HttpOutcome> outcomes;

  HttpRequestId get(HttpRequest request) {
    return client->send(std::move(request),
                        [this](HttpOutcome outcome) { outcomes.push_back(std::move(outcome)); });
  }

  /// Asks and waits.
  HttpOutcome answer_to(HttpRequest request) {
    outcomes.clear();
    get(std::move(request));
    EXPECT_TRUE(outcomes.empty()) << "done was called before get() returned";
    EXPECT_TRUE(run_until([this] { return !outcomes.empty(); }));
    return outcomes.empty() ? HttpOutcome(HttpFailure{}) : outcomes.front();
  }
  HttpReply reply_to(HttpRequest request) {
    const HttpOutcome outcome = answer_to(std::move(request));
    if (const auto* failed = std::get_if<HttpFailure>(&outcome)) ADD_FAILURE() << failed->why;
    return std::holds_alternative<HttpReply>(outcome) ? std::get<HttpReply>(outcome) : HttpReply{};
  }
  HttpFailure failure_of(HttpRequest request) {
    const HttpOutcome outcome = answer_to(std::move(request));
    EXPECT_TRUE(std::holds_alternative<HttpFailure>(outcome));
    return std::holds_alternative<HttpFailure>(outcome) ? std::get<HttpFailure>(outcome)
                                                        : HttpFailure{};
  }

  void TearDown() override {
    client.reset();
    EXPECT_EQ(getaddrinfo_calls, 0) << "libcurl asked the C library's resolver";
  }
};

ScriptedServer::Script says(const std::string& bytes) {
  return [bytes](TcpPeer& peer, const std::string&) { peer.say(bytes); };
}

HttpRequest url(const std::string& text) {
  HttpRequest request;
  request.url = text;
  return request;
}

TEST(CurlAlone, AsksTheCLibraryWhereWeDoNotHinderIt) {
  CURL* easy = curl_easy_init();
  curl_easy_setopt(easy, CURLOPT_URL, "http://nowhere.example/");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  EXPECT_EQ(curl_easy_perform(easy), CURLE_COULDNT_RESOLVE_HOST);
  curl_easy_cleanup(easy);
  EXPECT_EQ(getaddrinfo_calls.exchange(0), 1) << "the other tests would not notice a look-up";
}

TEST_F(CurlClientTest, BringsStatusHeadersAndBody) {
  ScriptedServer server(loop,
                        says("HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                             "Content-Length: 2\r\n\r\nno"));
  const HttpReply reply = reply_to(url(server.url("/a?b=c")));
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "no");
  EXPECT_EQ(reply.header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
  EXPECT_EQ(reply.header("etag"), "");
}

TEST_F(CurlClientTest, SendsTheHeadersItWasGiven) {
  ScriptedServer server(loop, says(http_reply("200 OK", "")));
  HttpRequest request = url(server.url("/a/b%20c"));
  request.headers = {"Accept: application/json"};
  reply_to(request);
  EXPECT_EQ(server.requests.front(), "GET /a/b%20c HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() +
                                         "\r\nUser-Agent: signpost/" SIGNPOST_VERSION
                                         "\r\nAccept: application/json\r\n\r\n");
}

TEST_F(CurlClientTest, SendsAMethodAndABody) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  HttpRequest request = url(server.url("/x"));
  request.method = "PUT";
  request.headers = {"Content-Type: text/plain"};
  EXPECT_EQ(reply_to(request).body, "ok");
  EXPECT_EQ(server.requests.front(), "PUT /x HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() +
                                         "\r\nUser-Agent: signpost/" SIGNPOST_VERSION
                                         "\r\nAccept: */*\r\nContent-Type: text/plain"
                                         "\r\nContent-Length: 0\r\n\r\n");
}

TEST_F(CurlClientTest, HandsOverTheReplyInParts) {
  ScriptedServer server(loop, says(http_reply("200 OK", "part")));
  HttpRequest request = url(server.url("/"));
  std::string heard;
  request.on_part = [&](std::string_view part) { heard += part; };
  EXPECT_EQ(reply_to(request).body, "");
  EXPECT_EQ(heard, "part");
}

TEST_F(CurlClientTest, TheBodyOfAnErrorIsNoPart) {
  ScriptedServer server(loop, says(http_reply("403 Forbidden", "why")));
  HttpRequest request = url(server.url("/"));
  request.on_part = [&](std::string_view) { ADD_FAILURE(); };
  EXPECT_EQ(reply_to(request).body, "why");
}

TEST_F(CurlClientTest, KeepsTheConnectionForTheNextRequest) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  for (int i = 0; i < 3; ++i) reply_to(url(server.url("/")));
  EXPECT_EQ(server.requests.size(), 3U);
  EXPECT_EQ(server.peers.size(), 1U);
}

TEST_F(CurlClientTest, CarriesManyRequestsAtOnce) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  for (int i = 0; i < 64; ++i) get(url(server.url("/")));
  EXPECT_TRUE(run_until([this] { return outcomes.size() == 64; }));
  for (const auto& outcome : outcomes) EXPECT_EQ(std::get<HttpReply>(outcome).body, "ok");
}

TEST_F(CurlClientTest, DoesNotFollowRedirects) {
  ScriptedServer server(loop, says("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
                                   "Content-Length: 0\r\n\r\n"));
  EXPECT_EQ(reply_to(url(server.url("/"))).status, 302);
  EXPECT_EQ(server.requests.size(), 1U);
}

TEST_F(CurlClientTest, NamesComeFromTheResolverAlone) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  resolver.addresses["catalog.example"] = {kLoopback};
  EXPECT_EQ(reply_to(url("http://Catalog.example.:" + server.port() + "/")).body, "ok");
  EXPECT_EQ(resolver.asked, std::vector<std::string>{"catalog.example"});
  EXPECT_NE(server.requests.front().find("\r\nHost: Catalog.example:"), std::string::npos);
}

TEST_F(CurlClientTest, ANameWithoutAddressIsNotConnected) {
  const HttpFailure failure = failure_of(url("http://nowhere.example/"));
  EXPECT_FALSE(failure.connected);
  EXPECT_EQ(failure.why, "GET http://nowhere.example/: nowhere.example has no address");
}

TEST_F(CurlClientTest, AResolverThatNeverAnswersIsNotWaitedForLongerThanTheTimeout) {
  resolver.hold = true;
  HttpRequest request = url("http://slow.example/");
  request.timeout = milliseconds(50);
  const HttpFailure failure = failure_of(request);
  EXPECT_FALSE(failure.connected);
  EXPECT_EQ(failure.why, "GET http://slow.example/: the name was not looked up within 50 ms");
  resolver.held.front()(std::vector{kLoopback});  // too late: nobody listens
}

TEST_F(CurlClientTest, LocalhostNeedsNoResolver) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  EXPECT_EQ(reply_to(url("http://localhost:" + server.port() + "/")).body, "ok");
  EXPECT_TRUE(resolver.asked.empty());
}

TEST_F(CurlClientTest, TriesTheNextAddressOfAName) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  resolver.addresses["two.example"] = {dns::IpAddress::v4(0x7f000009), kLoopback};
  EXPECT_EQ(reply_to(url("http://two.example:" + server.port() + "/")).body, "ok");
}

TEST_F(CurlClientTest, AGivenAddressTakesThePlaceOfTheHosts) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  for (const std::string host : {"web.example", "192.0.2.1", "[2001:db8::1]"}) {
    HttpRequest request = url("http://" + host + ":" + server.port() + "/");
    request.at = kLoopback;
    request.direct = true;
    EXPECT_EQ(reply_to(request).body, "ok");
    EXPECT_NE(server.requests.back().find("\r\nHost: " + host + ":"), std::string::npos);
  }
  EXPECT_TRUE(resolver.asked.empty());
}

TEST_F(CurlClientTest, AGivenAddressIsForThatRequestAlone) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  HttpRequest request = url("http://web.example:" + server.port() + "/");
  request.direct = true;
  request.at = kLoopback;
  EXPECT_EQ(reply_to(request).body, "ok");
  request.at = dns::IpAddress::v4(0x7f000009);
  EXPECT_FALSE(failure_of(request).connected) << "nobody is there, whatever was connected before";
  request.at.reset();
  EXPECT_EQ(failure_of(request).why, "GET " + request.url + ": web.example has no address");
  EXPECT_EQ(server.requests.size(), 1U);
}

TEST_F(CurlClientTest, ARefusedConnectionIsNotConnected) {
  const HttpFailure failure = failure_of(url("http://127.0.0.1:1/x"));
  EXPECT_FALSE(failure.connected);
  EXPECT_NE(failure.why.find("GET http://127.0.0.1:1/x: Failed to connect"), std::string::npos)
      << failure.why;
}

TEST_F(CurlClientTest, AFailedHandshakeIsNotConnected) {
  ScriptedServer server(loop, [](TcpPeer&, const std::string&) {});
  HttpRequest request = url("https://127.0.0.1:" + server.port() + "/");
  request.timeout = milliseconds(300);
  EXPECT_FALSE(failure_of(request).connected);
}

TEST_F(CurlClientTest, ASilentServerIsConnectedAndTimesOut) {
  ScriptedServer server(loop, [](TcpPeer&, const std::string&) {});
  HttpRequest request = url(server.url("/"));
  request.timeout = milliseconds(100);
  const HttpFailure failure = failure_of(request);
  EXPECT_TRUE(failure.connected);
  EXPECT_NE(failure.why.find("timed out"), std::string::npos) << failure.why;
}

TEST_F(CurlClientTest, ABodyThatBreaksOffIsConnected) {
  ScriptedServer server(loop, [](TcpPeer& peer, const std::string&) {
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    peer.close();
  });
  EXPECT_TRUE(failure_of(url(server.url("/"))).connected);
}

TEST_F(CurlClientTest, AnEmptyAnswerIsConnected) {
  ScriptedServer server(loop, [](TcpPeer& peer, const std::string&) { peer.close(); });
  EXPECT_TRUE(failure_of(url(server.url("/"))).connected);
}

TEST_F(CurlClientTest, NoHttpAtAllIsConnected) {
  ScriptedServer server(loop, says("220 mail.example ESMTP\r\n"));
  EXPECT_TRUE(failure_of(url(server.url("/"))).connected);
}

TEST_F(CurlClientTest, ABodyOverTheLimitIsRefused) {
  ScriptedServer server(loop, says(http_reply("200 OK", std::string(101, 'x'))));
  HttpRequest request = url(server.url("/"));
  request.max_body = 100;
  const HttpFailure failure = failure_of(request);
  EXPECT_TRUE(failure.connected);
  EXPECT_EQ(failure.why, "GET " + request.url + ": the server sent a body of more than 100 bytes");
  request.max_body = 101;
  EXPECT_EQ(reply_to(request).body.size(), 101U);
}

TEST_F(CurlClientTest, HeadersOverTheLimitAreRefused) {
  std::string header;
  for (int i = 0; i < 40; ++i) header += "X-Filler: " + std::string(2000, 'x') + "\r\n";
  ScriptedServer server(loop, says("HTTP/1.1 200 OK\r\n" + header + "\r\n"));
  EXPECT_TRUE(failure_of(url(server.url("/"))).connected);
}

TEST_F(CurlClientTest, OnlyHttpIsSpoken) {
  EXPECT_EQ(failure_of(url("file:///etc/passwd")).why,
            "expected a URL with http:// or https://, found file://");
  EXPECT_NE(failure_of(url("not a url")).why.find("is no URL"), std::string::npos);
}

TEST_F(CurlClientTest, AProxyIsAskedAndTheNameLeftToIt) {
  ScriptedServer proxy(loop, says(http_reply("200 OK", "by proxy")));
  resolver.addresses["proxy.example"] = {kLoopback};
  client = std::make_unique<CurlClient>(
      loop, resolver, ProxySettings{"http://proxy.example:" + proxy.port(), "", "", ""});
  EXPECT_EQ(reply_to(url("http://inside.example/x")).body, "by proxy");
  EXPECT_EQ(resolver.asked, std::vector<std::string>{"proxy.example"});
  EXPECT_TRUE(proxy.requests.front().starts_with("GET http://inside.example/x HTTP/1.1\r\n"));
}

TEST_F(CurlClientTest, AnExceptionGoesPastTheProxy) {
  ScriptedServer server(loop, says(http_reply("200 OK", "direct")));
  client = std::make_unique<CurlClient>(loop, resolver,
                                        ProxySettings{"http://127.0.0.1:1", "", "", "127.0.0.0/8"});
  EXPECT_EQ(reply_to(url(server.url("/"))).body, "direct");
}

TEST_F(CurlClientTest, ACancelledRequestIsNeverHeardOf) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  client->cancel(get(url(server.url("/"))));
  const HttpRequestId late = get(url(server.url("/")));
  run_until([&] { return !server.requests.empty(); });
  client->cancel(late);
  client->cancel(late);
  run_for(milliseconds(50));
  EXPECT_TRUE(outcomes.empty());
}

TEST_F(CurlClientTest, MayBeDestroyedInItsOwnCallback) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  bool heard = false;
  client->send(url(server.url("/")), [&](const HttpOutcome&) {
    client.reset();
    heard = true;
  });
  get(url(server.url("/other")));
  EXPECT_TRUE(run_until([&] { return heard; }));
  EXPECT_TRUE(outcomes.empty());
}

TEST_F(CurlClientTest, MayBeDestroyedWithRequestsInEveryState) {
  ScriptedServer server(loop, [](TcpPeer&, const std::string&) {});
  resolver.hold = true;
  get(url(server.url("/")));
  get(url("http://waiting.example/"));
  run_until([&] { return !server.requests.empty(); });
  get(url("http://127.0.0.1:1/"));
  client.reset();
  resolver.held.front()(std::vector{kLoopback});
  run_for(milliseconds(20));
  EXPECT_TRUE(outcomes.empty());
}

TEST_F(CurlClientTest, ACallbackMayAskAgain) {
  ScriptedServer server(loop, says(http_reply("200 OK", "ok")));
  client->send(url(server.url("/1")), [&](const HttpOutcome&) { get(url(server.url("/2"))); });
  EXPECT_TRUE(run_until([this] { return outcomes.size() == 1; }));
}

}  // namespace
}  // namespace net
