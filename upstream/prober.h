// When which instance is probed (health.probe): the first time at once, then at its interval with
// jitter, and never more at a time or in a second than the host can bear. Services whose probe is
// on demand rest while no client here asks for them.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cache/asked_mark.h"
#include "dnsd/dns/random.h"
#include "dnsd/net/timers.h"
#include "upstream/probe_asker.h"

namespace upstream {

struct ProberFigures {
  std::uint64_t good = 0, bad = 0, untried = 0;
  std::size_t instances = 0;  // that are watched
  std::size_t in_flight = 0;
};

class Prober {
 public:
  /// An instance that answers stand for: what `seen` calls it, and where it is.
  using Aims = std::map<std::string, ProbeAim>;
  using Seen = std::function<void(const std::string& service, const std::string& instance,
                                  const cache::ProbeResult& result)>;

  struct Limits {
    std::size_t in_flight = 256;
    std::size_t a_second = 2'000;
  };

  /// REQUIRES: all that it is given outlives this. `seen` may call watch() and forget().
  Prober(net::Timers& timers, ProbeAsker& asker, dns::Random random, Seen seen, Limits limits);
  ~Prober();

  /// From now on these are the instances of `service`; those that it had go on as they were.
  /// `asked`: it is probed while clients ask for it; null: always.
  void watch(const std::string& service, const conf::Probe& how, const Aims& aims,
             std::shared_ptr<const cache::AskedMark> asked);
  void forget(const std::string& service);

  ProberFigures figures() const;

 private:
  using Key = std::uint64_t;  // of a target, never used again
  struct Target {
    std::string service, instance;
    ProbeAim aim;
    dns::Time due;      // or, while it is being probed, when that began
    ProbeId asked = 0;  // while it is being probed
  };
  struct Watched {
    conf::Probe how;
    std::shared_ptr<const cache::AskedMark> asked;
    std::map<std::string, Key> targets;          // by instance
    bool rests = false;                          // no client asked lately
    std::list<Watched*>::iterator resting_at{};  // while it rests

    bool is_wanted(dns::Time now) const;
  };

  void add(Watched& service, const std::string& name, const std::string& instance,
           const ProbeAim& aim);
  void remove(Key key);
  void plan(Key key, dns::Time when);
  void rest(Watched& service);
  void look_at_rested();
  void wake(Watched& service);
  void run();
  void run_later();
  bool may_start();
  void start(Key key);
  void done(Key key, const std::optional<cache::ProbeResult>& result);
  dns::Milliseconds pause(const conf::Probe& how);

  net::Timers& timers_;
  ProbeAsker& asker_;
  dns::Random random_;
  Seen seen_;
  Limits limits_;
  std::unordered_map<std::string, Watched> services_;
  std::unordered_map<Key, Target> targets_;
  std::set<std::pair<dns::Time, Key>> due_;
  std::list<Watched*> resting_;  // nodes of services_
  Key last_ = 0;
  std::size_t in_flight_ = 0;
  std::size_t started_ = 0;  // in the tenth of a second that began at `slot_`
  dns::Time slot_;
  net::TimerId timer_ = 0;
  dns::Time timer_at_ = dns::Time::max();
  net::TimerId rest_timer_ = 0;
  ProberFigures figures_;
};

}  // namespace upstream
