// What answering needs of the configuration, drawn once when it is loaded and
// swapped whole on reload. Immutable; any thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cache/zone_answer.h"
#include "conf/config.h"
#include "dnsd/dns/siphash.h"

namespace signpost {

struct Settings {
  cache::ZoneSettings zone;
  std::vector<dns::Prefix> allow;
  std::string version;  // CH TXT version.bind, version.server; empty: REFUSED
  std::string id;       // CH TXT hostname.bind, id.server
  bool trust_ad = false;
  std::uint16_t keepalive = 0;  // what TCP clients are told, in 100 ms
  dns::Seconds max_ttl{86'400};
  dns::Milliseconds stale_after{1800};  // a client waits so long where there is a stale answer
  dns::SipKey cookie_secret{};
};

using SettingsPointer = std::shared_ptr<const Settings>;

/// `listening` are the addresses after port 0 was replaced; `secret` stays the
/// same over reloads, so that clients keep their cookies.
Settings make_settings(const conf::Config& config, const std::vector<dns::SocketAddress>& listening,
                       const dns::SipKey& secret);

}  // namespace signpost
