// One upstream server: where it is, how it does, and who asks it.
//
// Loop thread only.
#pragma once

#include <memory>
#include <string>

#include "conf/config.h"
#include "dnsd/net/network.h"
#include "dnsd/net/timers.h"
#include "upstream/asker.h"
#include "upstream/round_trips.h"
#include "upstream/server_health.h"
#include "upstream/udp_asker.h"

namespace upstream {

struct Server {
  conf::Upstream where;
  std::string name;  // `192.0.2.1`, `tcp://192.0.2.1:5353`, for logs
  ServerHealth health;
  RoundTrips round_trips;
  bool only_timeouts = true;  // of the failures in a row
  bool set_aside = false;     // it leads back to this daemon
  unsigned in_flight = 0;     // tries that were not heard of yet
  std::unique_ptr<Asker> asker;
  const UdpAsker* udp = nullptr;  // within `asker`; null: it is not asked over UDP
};

/// As it is written in the configuration; the port only where it is not the usual one.
std::string to_text(const conf::Upstream& upstream);

/// The layers of askers for `upstream`: UDP with TCP for what is cut, or TCP or
/// TLS alone; all with EDNS first. REQUIRES: `network` and `timers` outlive the server.
std::unique_ptr<Server> make_server(const conf::Upstream& upstream, net::Network& network,
                                    net::Timers& timers);

}  // namespace upstream
