// Sends each upstream server a probe of LoopWatch, at once and every minute, and
// finds out which of them lead back here.
//
// Loop thread only.
#pragma once

#include <functional>

#include "dnsd/net/network.h"
#include "dnsd/net/timers.h"
#include "upstream/forward_rules.h"
#include "upstream/loop_watch.h"

namespace upstream {

constexpr dns::Seconds kLoopProbeEvery{60};

class LoopProber {
 public:
  enum class News : std::uint8_t { none, loops, no_longer_loops };
  /// Called after each probe; `watch` knows it already.
  using Tell = std::function<void(const Server&, News)>;

  /// REQUIRES: the references outlive this, and this outlives the askers of servers.
  LoopProber(net::Network& network, net::Timers& timers, LoopWatch& watch, Tell tell);
  ~LoopProber();
  LoopProber(const LoopProber&) = delete;
  LoopProber& operator=(const LoopProber&) = delete;

  /// From now on these; those that loop as well, for the loop may end. REQUIRES: a
  /// server that has queries in flight is not destroyed.
  void probe(ServerGroup servers);

 private:
  void probe_all();
  void probe_one(Server& server);
  News learn(const Server& server, std::uint64_t nonce, Outcome outcome);

  net::Network& network_;
  net::Timers& timers_;
  LoopWatch& watch_;
  Tell tell_;
  net::TimerId timer_ = 0;
  ServerGroup servers_;  // last: its askers call the rest
};

}  // namespace upstream
