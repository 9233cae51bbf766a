// Host names for the catalogs, through our own forwarder: the first worker asks.
//
// Control thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dnsd/net/host_resolver.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/worker.h"

namespace signpost {

class OwnResolver final : public net::HostResolver {
 public:
  /// `home` is the control thread's. Both must outlive this, and resolve() wants a worker.
  OwnResolver(const Workers& workers, net::Mailbox& home) : workers_(workers), home_(home) {}
  void resolve(const std::string& host, Done done) override;

 private:
  const Workers& workers_;
  net::Mailbox& home_;
};

}  // namespace signpost
