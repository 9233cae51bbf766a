#include "upstream/server.h"

#include "upstream/edns_fallback.h"
#include "upstream/stream_asker.h"
#include "upstream/truncation_retry.h"
#include "upstream/udp_asker.h"

namespace upstream {
namespace {

using Transport = conf::Upstream::Transport;

/// Sets `server.udp` as well.
std::unique_ptr<Asker> make_transport(Server& server, net::Network& network, net::Timers& timers) {
  const conf::Upstream& upstream = server.where;
  if (upstream.transport == Transport::tls) {
    return std::make_unique<StreamAsker>(network, timers,
                                         network.open_tls(upstream.address, upstream.tls_name),
                                         to_text(upstream), kTlsIdle);
  }
  auto tcp = std::make_unique<StreamAsker>(network, timers, network.open_tcp(upstream.address),
                                           to_text(upstream), kTcpIdle);
  if (upstream.transport == Transport::tcp) return tcp;
  auto udp = std::make_unique<UdpAsker>(network, timers, upstream.address);
  server.udp = udp.get();
  return std::make_unique<TruncationRetry>(std::move(udp), std::move(tcp));
}

}  // namespace

std::string to_text(const conf::Upstream& upstream) {
  const bool tls = upstream.transport == Transport::tls;
  const std::string scheme = tls ? "tls://" : upstream.transport == Transport::tcp ? "tcp://" : "";
  const bool usual = upstream.address.port == (tls ? conf::kDnsTlsPort : conf::kDnsPort);
  const std::string place = usual ? upstream.address.ip.to_text() : upstream.address.to_text();
  return scheme + place + (upstream.tls_name.empty() ? "" : "#" + upstream.tls_name);
}

std::unique_ptr<Server> make_server(const conf::Upstream& upstream, net::Network& network,
                                    net::Timers& timers) {
  auto server = std::make_unique<Server>();
  server->where = upstream;
  server->name = to_text(upstream);
  server->asker = std::make_unique<EdnsFallback>(timers, make_transport(*server, network, timers));
  return server;
}

}  // namespace upstream
