#include "dnsd/settings.h"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace signpost {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

/// A wildcard is reached, from this host, over loopback.
dns::IpAddress reachable(const dns::IpAddress& ip) {
  if (!ip.is_wildcard()) return ip;
  return dns::IpAddress::from_text(ip.is_v4() ? "127.0.0.1" : "::1").value();
}

}  // namespace

Settings make_settings(const conf::Config& config, const std::vector<dns::SocketAddress>& listening,
                       const dns::SipKey& secret) {
  Settings made;
  made.zone.name = config.zone.name;
  made.zone.ttl = static_cast<std::uint32_t>(config.zone.ttl.count());
  made.zone.negative_ttl = static_cast<std::uint32_t>(config.zone.negative_ttl.count());
  made.zone.max_answers = config.zone.max_answers;
  for (const dns::SocketAddress& address : listening) {
    const dns::IpAddress ip = reachable(address.ip);
    auto& own = made.zone.own_addresses;
    if (std::find(own.begin(), own.end(), ip) == own.end()) own.push_back(ip);
  }
  made.allow = config.listen.allow;
  made.version = config.chaos.version;
  made.id = config.chaos.id.empty() ? host_name() : config.chaos.id;
  made.trust_ad = config.forward.trust_ad;
  made.keepalive = static_cast<std::uint16_t>(
      std::min<std::int64_t>(config.listen.tcp_idle.count() / 100, 0xffff));
  made.max_ttl = config.cache.max_ttl;
  made.stale_after = config.cache.stale_after;
  made.cookie_secret = secret;
  return made;
}

}  // namespace signpost
