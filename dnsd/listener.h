// What the pipeline knows of transports: how to send a reply that was not ready
// when the query came. Loop thread of its worker only.
#pragma once

#include "dnsd/dns/wire.h"
#include "dnsd/net/peer.h"

namespace signpost {

class Listener {
 public:
  virtual ~Listener() = default;
  /// Sends `reply` to `peer`, once. A client that has gone hears nothing.
  virtual void send(const net::Peer& peer, dns::WireView reply) = 0;
};

}  // namespace signpost
