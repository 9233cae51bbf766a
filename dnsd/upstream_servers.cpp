#include "dnsd/upstream_servers.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "dnsd/log.h"
#include "upstream/resolv_conf.h"

namespace signpost {

void UpstreamServers::read() {
  auto servers = are_configured() ? dns::Result<Servers>(Servers()) : in_resolv_conf();
  if (!servers.ok()) return logger("forwarder")->warn(servers.error().message);
  from_resolv_conf_ = std::move(servers).value();
}

dns::Result<UpstreamServers::Servers> UpstreamServers::in_resolv_conf() const {
  const std::string& path = config_.forward.resolv_conf;
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file)
    return dns::Error{path + ": cannot be read; upstream servers stay as they are until it can"};
  const auto read = upstream::read_resolv_conf(text.str(), listening_);
  for (const std::string& warning : read.warnings)
    logger("forwarder")->warn("{}: {}", path, warning);
  Servers servers;
  for (const dns::SocketAddress& server : read.servers)
    servers.push_back({conf::Upstream::Transport::udp, server, ""});
  return servers;
}

void UpstreamServers::watch(std::function<void()> changed) {
  watch_.reset();
  if (are_configured()) return;
  watch_ = std::make_unique<net::FileWatch>(
      loop_, config_.forward.resolv_conf,
      [this, changed = std::move(changed)] { look_again(changed); });
}

void UpstreamServers::look_again(const std::function<void()>& changed) {
  const Servers before = from_resolv_conf_;
  read();
  if (from_resolv_conf_ == before) return;
  logger("forwarder")
      ->info("{} changed: {} upstream servers", config_.forward.resolv_conf,
             from_resolv_conf_.size());
  changed();
}

upstream::Upstreams UpstreamServers::all() const {
  upstream::Upstreams asked;
  asked.servers = are_configured() ? config_.forward.upstreams : from_resolv_conf_;
  asked.zones = config_.forward.zones;
  asked.policy = config_.forward.policy;
  asked.hedge = config_.forward.hedge;
  return asked;
}

std::vector<dns::Name> UpstreamServers::suffixes() const {
  std::vector<dns::Name> suffixes;
  for (const auto& zone : config_.forward.zones) suffixes.push_back(zone.suffix);
  return suffixes;
}

}  // namespace signpost
