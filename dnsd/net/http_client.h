// Asking an HTTP server. The seam that tests replace (tests/support/fake_http.h).
//
// Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/dns/time.h"

namespace net {

constexpr std::size_t kHttpBodyLimit = 65536;

/// Files of PEM; empty: the system's authorities, and no certificate of our own.
struct HttpTls {
  std::string ca_file, cert_file, key_file;
  bool verify = true;  // the server must prove who it is
};

struct HttpRequest {
  std::string url;                   // http:// or https://
  std::vector<std::string> headers;  // each a line, `Accept: application/json`
  dns::Milliseconds timeout{2000};   // for all of it: name, connection, whole reply
  std::size_t max_body = kHttpBodyLimit;
  std::string method = "GET";
  std::string body;  // sent with it
  HttpTls tls;
  std::optional<dns::IpAddress> at;  // the host's address, where `direct`; nothing: it is looked up
  bool first_bytes =
      false;  // `max_body` bytes of the reply's body are enough, the rest is not waited for
  bool direct = false;  // past every proxy of the environment: the host is next to us
  bool gzip = false;    // a packed reply is welcome; `max_body` is of it unpacked
  bool probed = false;  // a silent server's host is probed: one that is gone fails within 5 s
  /// Takes the parts of a reply that goes on and on, of a status below 300; the
  /// reply's body then stays empty. `timeout` is then that of the silence before its first
  /// byte and between its parts. Called from within the loop; may cancel nothing.
  std::function<void(std::string_view part)> on_part;
};

/// The server answered, whatever it said; redirects are not followed.
struct HttpReply {
  int status = 0;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case

  /// The first header of this name (lower case), or nothing.
  std::string_view header(std::string_view name) const {
    for (const auto& [known, value] : headers) {
      if (known == name) return value;
    }
    return {};
  }
};

/// There is no whole answer.
struct HttpFailure {
  bool connected = false;  // the server was there, but did not answer in time, whole or sensibly
  std::string why;         // a sentence, with the URL (without its password)
  std::string fault{};     // in a word or two: `refused`, `timed out`
  bool ours = false;       // the server has no part in it: this process lacks something
};

using HttpOutcome = std::variant<HttpReply, HttpFailure>;
using HttpRequestId = std::uint64_t;  // 0 is no request

class HttpClient {
 public:
  using Done = std::function<void(HttpOutcome)>;

  virtual ~HttpClient() = default;
  /// `done` is called exactly once, never before send() returns, and
  /// not at all once cancelled or once the client is destroyed. It may do either.
  virtual HttpRequestId send(HttpRequest request, Done done) = 0;
  /// Forgets a request. One that is done, or 0, is nothing to forget.
  virtual void cancel(HttpRequestId id) = 0;
};

}  // namespace net
