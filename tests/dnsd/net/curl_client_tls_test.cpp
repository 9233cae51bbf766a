// The HTTP client against a server with a certificate.
#include <microhttpd.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "dnsd/net/curl_client.h"
#include "tests/support/fake_host_resolver.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_certificate.h"

namespace net {
namespace {

/// Says "secret" to all who speak TLS, on a thread of its own.
class TlsServer {
 public:
  explicit TlsServer(const support::TestCertificate& certificate) {
    const auto answer = [](void*, MHD_Connection* connection, const char*, const char*, const char*,
                           const char*, std::size_t*, void**) {
      static char body[] = "secret";
      MHD_Response* response = MHD_create_response_from_buffer(6, body, MHD_RESPMEM_PERSISTENT);
      const MHD_Result done = MHD_queue_response(connection, 200, response);
      MHD_destroy_response(response);
      return done;
    };
    daemon_ =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TLS, 0, nullptr, nullptr, answer,
                         nullptr, MHD_OPTION_HTTPS_MEM_CERT, certificate.certificate.c_str(),
                         MHD_OPTION_HTTPS_MEM_KEY, certificate.key.c_str(), MHD_OPTION_END);
  }
  ~TlsServer() {
    if (daemon_ != nullptr) MHD_stop_daemon(daemon_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string port() const {
    if (daemon_ == nullptr) return "0";
    return std::to_string(MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port);
  }

 private:
  MHD_Daemon* daemon_ = nullptr;
};

class CurlClientTlsTest : public support::LoopTest {
 protected:
  support::TemporaryFolder folder;
  support::TestCertificate certificate = support::make_certificate("tls.example");
  TlsServer server{certificate};
  support::FakeHostResolver resolver;
  CurlClient client{loop, resolver, ProxySettings{}};

  void SetUp() override {
    const auto loopback = dns::IpAddress::v4(0x7f000001);
    resolver.addresses = {{"tls.example", {loopback}}, {"other.example", {loopback}}};
  }
  void TearDown() override { unsetenv("SSL_CERT_FILE"); }  // NOLINT(concurrency-mt-unsafe)

  void trust_the_certificate() {
    support::write_file(folder / "authorities.pem", certificate.certificate);
    const std::string path = folder / "authorities.pem";
    setenv("SSL_CERT_FILE", path.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
  }

  HttpOutcome get(const std::string& host) {
    std::optional<HttpOutcome> heard;
    HttpRequest request;
    request.url = "https://" + host + ":" + server.port() + "/";
    client.send(request, [&](HttpOutcome outcome) { heard = std::move(outcome); });
    EXPECT_TRUE(run_until([&] { return heard.has_value(); }));
    return heard.value_or(HttpFailure{});
  }
};

TEST_F(CurlClientTlsTest, SpeaksToAServerThatItsAuthoritiesVouchFor) {
  trust_the_certificate();
  const HttpOutcome outcome = get("tls.example");
  ASSERT_TRUE(std::holds_alternative<HttpReply>(outcome)) << std::get<HttpFailure>(outcome).why;
  EXPECT_EQ(std::get<HttpReply>(outcome).body, "secret");
}

TEST_F(CurlClientTlsTest, RefusesACertificateThatNobodyVouchesFor) {
  const HttpOutcome outcome = get("tls.example");
  ASSERT_TRUE(std::holds_alternative<HttpFailure>(outcome));
  EXPECT_FALSE(std::get<HttpFailure>(outcome).connected);
  EXPECT_NE(std::get<HttpFailure>(outcome).why.find("certificate"), std::string::npos)
      << std::get<HttpFailure>(outcome).why;
}

TEST_F(CurlClientTlsTest, RefusesACertificateOfAnotherName) {
  trust_the_certificate();
  const HttpOutcome outcome = get("other.example");
  ASSERT_TRUE(std::holds_alternative<HttpFailure>(outcome));
  EXPECT_FALSE(std::get<HttpFailure>(outcome).connected);
}

}  // namespace
}  // namespace net
