// Where an HTTP request goes: the URL, the proxy on the way, and the names that
// somebody must look up before it can leave. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnsd/dns/result.h"
#include "dnsd/net/http_proxy.h"

namespace net {

struct HttpHost {
  std::string name;  // a name, or an address without brackets
  std::uint16_t port = 0;

  bool is_address() const;
  /// `localhost` and names below it: this host, whoever is asked (RFC 6761, 6.3).
  bool is_localhost() const;
};

struct HttpTarget {
  std::string url;              // what to ask for
  std::string shown;            // the same without user and password, for sentences
  std::string proxy;            // its URL; empty: none
  std::vector<HttpHost> hosts;  // all that is connected to or named to a SOCKS proxy by address
};

/// Errors say what is wrong with the URL, the proxy's included.
dns::Result<HttpTarget> read_http_target(const std::string& url, const ProxySettings& proxies);

}  // namespace net
