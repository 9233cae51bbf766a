// A request to our HTTP server and the answer to it, as values, and the means to
// give that answer later.
//
// Loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dnsd/dns/address.h"

namespace net {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// The first value of that name, or nothing.
const std::string* find_field(const HttpFields& fields, std::string_view name);

struct HttpQuestion {
  std::string method;  // as sent: `GET`
  std::string path;    // percent-decoded, without the query
  HttpFields query;    // decoded, in the order sent
  HttpFields headers;  // names in lower case
  std::string body;
  dns::SocketAddress peer;
};

struct HttpAnswer {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  HttpFields headers;  // more than Content-Type, Content-Length and Date
  std::shared_ptr<const std::string> shared_body{};  // not null: instead of `body`, and not copied
};

/// Takes the answer to one request. Destroyed without one, it answers 500: no
/// client is left waiting. It may outlive the server and then does nothing.
class HttpAnswerer {
 public:
  using Send = std::function<void(HttpAnswer)>;

  explicit HttpAnswerer(Send send) : send_(std::move(send)) {}
  ~HttpAnswerer();
  HttpAnswerer(HttpAnswerer&& other) noexcept : send_(std::exchange(other.send_, nullptr)) {}
  HttpAnswerer& operator=(HttpAnswerer&& other) noexcept;

  /// Once. A client that has gone meanwhile is no error.
  void answer(HttpAnswer answer);

 private:
  Send send_;
};

}  // namespace net
