// HttpClient on libcurl: keep-alive, TLS with verified certificates, proxies
// from the environment. Names are looked up by the HostResolver alone; libcurl
// never asks the C library.
//
// Make one only where HTTP is used: libcurl and OpenSSL take memory from then on.
//
// Loop thread only.
#pragma once

#include <memory>

#include "dnsd/net/http_client.h"
#include "dnsd/net/http_proxy.h"

namespace net {

class HostResolver;
class Loop;

class CurlClient final : public HttpClient {
 public:
  /// `resolver` must outlive every look-up that it was asked for; it may outlive
  /// the client and then calls into nothing.
  CurlClient(Loop& loop, HostResolver& resolver,
             ProxySettings proxies = ProxySettings::from_environment());
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  HttpRequestId send(HttpRequest request, Done done) override;
  void cancel(HttpRequestId id) override;

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;  // shared with nobody but weakly with look-ups on their way
};

}  // namespace net
