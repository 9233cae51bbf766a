// Addresses of hosts that a catalog names, kept and looked up again now and
// then. One that cannot be looked up keeps the addresses that it had.
//
// Control thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/timers.h"

namespace upstream {

// The addresses of AWS's load balancers may change within 60 s; the answer cache in
// between knows their own TTL.
constexpr dns::Milliseconds kHostsRefresh{30'000};
constexpr std::size_t kHostsAtOnce = 16;

class KeptHosts {
 public:
  using Addresses = std::map<std::string, std::vector<dns::IpAddress>>;

  /// `changed` is called, from within a look-up's answer, when addresses are not what they were,
  /// or when every host was looked up for the first time. All must outlive this.
  KeptHosts(net::HostResolver& resolver, net::Timers& timers, std::function<void()> changed)
      : resolver_(resolver), timers_(timers), changed_(std::move(changed)) {}
  ~KeptHosts();
  KeptHosts(const KeptHosts&) = delete;
  KeptHosts& operator=(const KeptHosts&) = delete;

  /// The hosts to keep, from now on; others are forgotten. New ones are looked up at once.
  void want(std::set<std::string> hosts);

  /// Sorted, so that the same addresses are equal; hosts that had none yet are not in it.
  const Addresses& addresses() const { return addresses_; }
  /// Whether each host was looked up at least once, with whatever outcome.
  bool all_tried() const { return untried_.empty(); }

 private:
  void look_up_next();
  void look_up(const std::string& host);
  void heard(const std::string& host, dns::Result<std::vector<dns::IpAddress>> found);
  void say(const std::string& host, const std::string& why);
  void look_up_all_later();

  net::HostResolver& resolver_;
  net::Timers& timers_;
  std::function<void()> changed_;
  std::set<std::string> wanted_, untried_, queue_;
  std::size_t under_way_ = 0;
  bool starting_ = false;  // look_up_next() is on the stack: answers may come at once
  Addresses addresses_;
  std::map<std::string, std::string> failures_;  // of the last look-up, by host
  net::TimerId again_ = 0;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace upstream
