// Addresses of host names, for whoever in this process connects by name. The
// daemon's own forwarder stands behind it: the C library's resolver would ask
// us, whom it finds in resolv.conf, and block meanwhile.
//
// Loop thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"

namespace net {

class HostResolver {
 public:
  using Done = std::function<void(dns::Result<std::vector<dns::IpAddress>>)>;

  virtual ~HostResolver() = default;
  /// Looks up `host`, which is a name, absolute without a last dot. Calls `done`
  /// once, perhaps before resolve() returns; a name without addresses is an error.
  virtual void resolve(const std::string& host, Done done) = 0;
};

}  // namespace net
