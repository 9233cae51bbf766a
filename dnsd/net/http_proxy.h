// Which proxy a request goes through, by the variables that curl and most
// programs heed: http_proxy, https_proxy, all_proxy and no_proxy.
//
// Decided here, not in libcurl, since we must know whose name has to be looked
// up. Pure but for from_environment().
#pragma once

#include <string>

namespace net {

struct ProxySettings {
  std::string http;  // URLs or host:port; empty: none
  std::string https;
  std::string all;         // where the scheme has none of its own
  std::string exceptions;  // `localhost,.corp.example,10.0.0.0/8`, or `*`

  /// The variables, small letters before capitals; of http_proxy small only (a
  /// web server may set HTTP_PROXY from a stranger's `Proxy` header).
  /// REQUIRES: no other thread changes the environment.
  static ProxySettings from_environment();
};

/// The proxy for a URL of this scheme and host (an IPv6 address without its
/// brackets), or nothing where it is to be reached directly.
std::string proxy_for(const ProxySettings& settings, const std::string& scheme,
                      const std::string& host);

}  // namespace net
