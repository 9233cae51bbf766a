// Where an instance is, read from the texts that catalogs carry: URLs and the
// opaque ids of the etcd-like service. A text that says no place is no error:
// such an instance has no address.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace upstream {

/// A host and a port, as the text has them.
struct Endpoint {
  std::string host;        // an address or a name; no brackets, no last dot
  std::uint16_t port = 0;  // 0: none is said, and the scheme implies none

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Whether `text` is an address or a name that a client can connect to:
/// letters, digits, `-` and `_` in labels of 1..63 bytes, 253 in all. Four
/// numbers that are no address (`10.0.0.256`) are no name either.
bool is_host(std::string_view text);

/// `https://host[:port]/path`. Without a port it is 443 for https and wss, 80
/// for http and ws, else 0. User names are passed over. Nothing: not a URL, or
/// one without a usable host.
std::optional<Endpoint> endpoint_from_url(std::string_view text);

/// `host:port`, `[v6]:port` or a URL. Nothing: it says no place.
std::optional<Endpoint> endpoint_from_instance_id(std::string_view text);

/// `10.0.1.7:8081`, `[2001:db8::1]:8081`; the host alone without a port.
std::string to_text(const Endpoint& endpoint);

}  // namespace upstream
