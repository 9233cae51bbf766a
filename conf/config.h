// Everything a user can set, with its default. Plain values: reading them from
// text is conf/parser.h, checking and overriding conf/load.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/dns/name.h"

namespace conf {

using Milliseconds = std::chrono::milliseconds;

constexpr std::uint16_t kDnsPort = 53;
constexpr std::uint16_t kDnsTlsPort = 853;

/// An upstream server: `10.0.0.2`, `tcp://10.0.0.2:5353`, `tls://1.1.1.1#cloudflare-dns.com`.
struct Upstream {
  enum class Transport : std::uint8_t { udp, tcp, tls };
  Transport transport = Transport::udp;
  dns::SocketAddress address;
  std::string tls_name;  // tls only: the name its certificate must have; empty: its address

  friend bool operator==(const Upstream&, const Upstream&) = default;
};

struct Listen {
  std::vector<dns::SocketAddress> addresses;  // default: 127.0.0.1:53 and [::1]:53
  unsigned workers = 1;                       // "auto" is the number of cores
  std::vector<dns::Prefix> allow;             // default: loopback, RFC 1918, ULA, link-local
  unsigned tcp_connections = 256;
  Milliseconds tcp_idle{10'000};

  Listen();
  friend bool operator==(const Listen&, const Listen&) = default;
};

struct Zone {
  dns::Name name;  // default: servicediscovery.internal.
  std::chrono::seconds ttl{5};
  std::chrono::seconds negative_ttl{2};
  unsigned max_answers = 0;   // 0: all that fit
  unsigned weight_floor = 0;  // 1: never send SRV weight 0

  Zone();
  friend bool operator==(const Zone&, const Zone&) = default;
};

/// One [[catalog]]. Only the keys of its type may be set.
struct Catalog {
  enum class Type : std::uint8_t { file, http, route53, etcd, signpost, builtin };
  enum class Dialect : std::uint8_t { catalog, service };

  Type type = Type::file;
  std::string name;  // default: type and place, `file:services.toml`
  std::string standby_for;
  unsigned max_drop = 80;                                     // percent
  std::string path;                                           // file, builtin
  std::string url;                                            // http, signpost
  Dialect dialect = Dialect::catalog;                         // http
  std::vector<std::pair<std::string, std::string>> services;  // http: name and version ("" if none)
  std::string default_version = "1.0";                        // http
  Milliseconds timeout{2'000};                                // http
  bool sign = false;                                          // http
  std::string zone;              // route53: name or id; default: the zone's name
  Milliseconds refresh{30'000};  // route53
  std::string endpoint;          // route53
  std::string region;            // route53
  std::vector<std::string> endpoints{"http://127.0.0.1:2379"};  // etcd
  std::string prefix = "/skydns";                               // etcd
  std::string user;                                             // etcd
  std::string password_file, ca_file, cert_file, key_file;      // etcd

  friend bool operator==(const Catalog&, const Catalog&) = default;
};

/// One [[health.probe]].
struct Probe {
  enum class Type : std::uint8_t { http, https, tcp };
  std::vector<std::string> services{"*"};
  Type type = Type::http;
  std::string path = "/health";
  std::string host;
  std::uint16_t port = 0;
  std::vector<unsigned> accept{200};
  Milliseconds interval{10'000};
  Milliseconds timeout{2'000};
  unsigned rise = 2;
  unsigned fall = 3;
  bool on_demand = true;

  friend bool operator==(const Probe&, const Probe&) = default;
};

struct Health {
  unsigned panic_threshold = 0;  // percent
  Milliseconds slow_start{30'000};
  Milliseconds max_age{300'000};
  std::vector<Probe> probes;

  friend bool operator==(const Health&, const Health&) = default;
};

/// One [[forward.zone]]: names under `suffix` go to these upstreams.
struct ForwardZone {
  dns::Name suffix;
  std::vector<Upstream> upstreams;

  friend bool operator==(const ForwardZone&, const ForwardZone&) = default;
};

struct Forward {
  enum class Policy : std::uint8_t { fastest, sequential, random };
  std::vector<Upstream> upstreams;  // empty: from resolv_conf
  std::string resolv_conf = "/etc/resolv.conf";
  Policy policy = Policy::fastest;
  bool hedge = false;
  bool trust_ad = false;
  std::vector<ForwardZone> zones;

  friend bool operator==(const Forward&, const Forward&) = default;
};

struct Cache {
  std::optional<std::uint64_t> size = 32U << 20U;  // bytes; nothing is "auto"
  std::chrono::seconds max_ttl{86'400};
  std::chrono::seconds stale_for{86'400};
  Milliseconds stale_after{1'800};
  bool prefetch = true;

  friend bool operator==(const Cache&, const Cache&) = default;
};

struct State {
  std::string path = "/var/lib/signpost/state";  // empty: none

  friend bool operator==(const State&, const State&) = default;
};

struct Control {
  std::optional<dns::SocketAddress> listen;  // default: 127.0.0.1:5380; nothing: no control port
  std::string token_file;

  Control();
  friend bool operator==(const Control&, const Control&) = default;
};

struct Chaos {
  std::string version = "signpost";  // empty: REFUSED
  std::string id;                    // empty: the host name

  friend bool operator==(const Chaos&, const Chaos&) = default;
};

struct Log {
  enum class Level : std::uint8_t { trace, debug, info, warn, error, off };
  enum class Format : std::uint8_t { text, json };
  Level level = Level::info;
  Format format = Format::text;

  friend bool operator==(const Log&, const Log&) = default;
};

struct Config {
  Listen listen;
  Zone zone;
  std::vector<Catalog> catalogs;
  Health health;
  Forward forward;
  Cache cache;
  State state;
  Control control;
  Chaos chaos;
  Log log;

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace conf
