// Which servers upstream are asked: those of the configuration, else those of
// resolv.conf, which is watched.
//
// Control thread only.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "conf/config.h"
#include "dnsd/net/file_watch.h"
#include "dnsd/net/loop.h"
#include "upstream/forwarder.h"

namespace signpost {

class UpstreamServers {
 public:
  /// `listening` are our own addresses, which are no upstream. All must outlive this.
  UpstreamServers(net::Loop& loop, const conf::Config& config,
                  const std::vector<dns::SocketAddress>& listening)
      : loop_(loop), config_(config), listening_(listening) {}

  /// Reads resolv.conf, where the configuration names none. A file that cannot be read is
  /// said, and leaves what there was.
  void read();
  /// Calls `changed` when the file has named others.
  void watch(std::function<void()> changed);
  void stop() { watch_.reset(); }

  upstream::Upstreams all() const;
  /// Of the zones that have servers of their own.
  std::vector<dns::Name> suffixes() const;

 private:
  using Servers = std::vector<conf::Upstream>;

  bool are_configured() const { return !config_.forward.upstreams.empty(); }
  dns::Result<Servers> in_resolv_conf() const;
  void look_again(const std::function<void()>& changed);

  net::Loop& loop_;
  const conf::Config& config_;
  const std::vector<dns::SocketAddress>& listening_;
  Servers from_resolv_conf_;
  std::unique_ptr<net::FileWatch> watch_;
};

}  // namespace signpost
