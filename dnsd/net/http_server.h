// A small HTTP server for the control port, on our loop (libmicrohttpd, no threads).
//
// A request is handed over whole; its answer may be given at once or much later
// (long polls), through the HttpAnswerer that comes with it.
//
// Loop thread only.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/time.h"
#include "dnsd/net/http_question.h"

namespace net {

class Loop;

using HttpHandler = std::function<void(HttpQuestion, HttpAnswerer)>;

struct HttpServerLimits {
  unsigned connections = 1024;  // each long poll of a daemon that reads our catalog is one
  std::size_t headers = 32768;  // bytes of request line and headers; more is 414 or 431
  std::size_t body = 65536;     // bytes; more is 413
  dns::Seconds idle{10};        // a connection on which nothing moves, a waiting answer excepted
};

class HttpServer {
 public:
  /// Listens on `address`; port 0 picks one. `handler` is called once for each
  /// request, and may destroy the server. Errors say which address, and why not.
  static dns::Result<std::unique_ptr<HttpServer>> open(Loop& loop,
                                                       const dns::SocketAddress& address,
                                                       HttpHandler handler,
                                                       const HttpServerLimits& limits = {});
  /// Closes every connection. Answers that were not sent are lost.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Where it listens, with the port that was picked.
  const dns::SocketAddress& local() const;

 private:
  struct Parts;
  explicit HttpServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
