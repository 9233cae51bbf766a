// What SkyDNS keeps under a key: `{"host":"10.0.1.7","port":80,"weight":20}`, as
// CoreDNS's etcd plugin reads it.
//
// Its `targetstrip` and `mail` are passed over, as is every key that is not
// known: our targets have names of their own, and the zone has no MX.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "cache/instance.h"
#include "dnsd/dns/result.h"

namespace upstream {

// The plugin's priority where a value has none, or 0.
constexpr std::uint16_t kSkydnsPriority = 10;

/// Small: a catalog may hold a hundred thousand of them.
struct SkydnsValue {
  struct Rare {
    std::string text;   // for TXT; empty: none
    std::string group;  // which of the keys of one name answer together; empty: none
  };

  std::string host;            // an address or a name; empty: none
  std::uint32_t ttl = 0;       // seconds; 0: none
  std::uint32_t weight = 0;    // 0: none
  std::uint16_t port = 0;      // 0: none
  std::uint16_t priority = 0;  // 0: none
  std::unique_ptr<const Rare> rare;

  std::string_view text() const { return rare ? rare->text : std::string_view(); }
  std::string_view group() const { return rare ? rare->group : std::string_view(); }
};

/// Letters of keys fold, and numbers may stand in quotes. Error: not an object,
/// or a field of another kind or out of bounds; the sentence names the field.
dns::Result<SkydnsValue> read_skydns_value(std::string_view json);

/// Without weight 100 and without priority 10, as the plugin counts them.
cache::Instance instance_from(const SkydnsValue& value, std::string id);

}  // namespace upstream
