#include "tests/scenarios/played_daemon.h"

#include <algorithm>

namespace scenario {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kCacheBytes = 1U << 20U;  // for "auto"
constexpr dns::SipKey kCookieSecret{1, 2, 3};

std::uint32_t unix_time() {
  return 1'700'000'000;
}

net::Peer peer_for(const Client& client) {
  net::Peer peer;
  std::copy_n(client.data(), client.size(), peer.address.begin());
  peer.address_size = static_cast<std::uint8_t>(client.size());
  return peer;
}

Client client_of(const net::Peer& peer) {
  if (peer.address_size == 4) return dns::IpAddress::v4(dns::get32(peer.address.data()));
  std::uint8_t bytes[16];
  std::copy_n(peer.address.begin(), sizeof bytes, bytes);
  return dns::IpAddress::v6(bytes);
}

}  // namespace

void PlayedDaemon::PlayedListener::send(const net::Peer& peer, dns::WireView reply) {
  hearers_.reply({client_of(peer), tcp_, {reply.begin(), reply.end()}});
}

PlayedDaemon::PlayedDaemon(conf::Config config, std::size_t in_flight, bool loop_probes,
                           support::FakeNetwork& network, support::FakeClock& clock,
                           Hearers hearers)
    : config_(std::move(config)),
      hearers_(std::move(hearers)),
      answers_(config_.cache.size.value_or(kCacheBytes)),
      published_({std::make_shared<const cache::CatalogTable>(), settings()}),
      forwarder_(network, clock, kSeed, in_flight > 0 ? in_flight : upstream::kQueriesInFlightMost),
      resolver_(forwarder_, answers_, published_, clock, mailbox_),
      catalogs_(
          clock, config_,
          [this](cache::CatalogSnapshot table) {
            published_.publish({std::move(table), settings()});
          },
          hearers_.catalog_is_asked),
      pipeline_({published_, answers_, clock, resolver_, catalogs_, kSeed, unix_time, &loops_}) {
  if (loop_probes) forwarder_.watch_loops(loops_, true);
}

signpost::SettingsPointer PlayedDaemon::settings() const {
  return std::make_shared<const signpost::Settings>(
      signpost::make_settings(config_, config_.listen.addresses, kCookieSecret));
}

dns::Result<dns::Done> PlayedDaemon::start() {
  const conf::Forward& forward = config_.forward;
  std::vector<dns::Name> cuts;
  for (const auto& zone : forward.zones) cuts.push_back(zone.suffix);
  answers_.set_cuts(std::move(cuts));
  answers_.set_rules({config_.cache.stale_for, config_.cache.prefetch});
  auto set =
      forwarder_.set_upstreams({forward.upstreams, forward.zones, forward.policy, forward.hedge});
  if (set.ok()) catalogs_.start();
  return set;
}

void PlayedDaemon::query(const Client& client, bool tcp, dns::WireView bytes) {
  dns::Wire room(tcp ? dns::kMaxMessage : dns::kUdpAnswerSize);
  PlayedListener& listener = tcp ? tcp_ : udp_;
  pipeline_.batch_begins();
  const net::Peer peer = peer_for(client);
  const net::Handled handled = pipeline_.handle(bytes, {client, tcp}, peer, listener, room);
  if (handled.size > 0) listener.send(peer, dns::WireView(room).first(handled.size));
}

}  // namespace scenario
