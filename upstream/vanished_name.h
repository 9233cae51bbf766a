// A name that an asking source knew and now says is not there (404): what it was
// is kept for its ttl, for the mass change guard (zone.md, Health).
//
// Plain values; control thread only.
#pragma once

#include <optional>

#include "cache/asked_state.h"

namespace upstream {

/// The first 404, and two more: then the source is believed.
constexpr unsigned kVanishedBelievedAt = 3;

struct VanishedName {
  cache::AskedState good;  // the last good word
  dns::Time when;
  unsigned seen = 1;  // how often the source said so

  /// Whether its last word would still have been good.
  bool lately(dns::Time now) const { return now < when + (good.fresh_until - good.fetched); }
  bool believed() const { return seen >= kVanishedBelievedAt; }

  /// What is answered while it is held: the last good word, marked; asked anew after `pause`.
  cache::AskedState held(const std::string& why, dns::Time now, dns::Seconds pause) const {
    cache::AskedState state = good;
    state.fresh_until = state.refresh_at = now;
    state.failed = state.connected = true;
    state.why = why;
    state.retry_at = now + pause;
    return state;
  }
};

}  // namespace upstream
