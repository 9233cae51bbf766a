#include "dnsd/worker.h"

#include <ctime>

#include "dnsd/log.h"
#include "dnsd/net/kernel_random.h"

namespace signpost {
namespace {

constexpr dns::Milliseconds kDrainStep{10};
// A port that is free for UDP may not be for TCP.
constexpr int kPortTries = 16;

std::uint32_t unix_time() {
  return static_cast<std::uint32_t>(std::time(nullptr));
}

std::uint64_t seed() {
  return net::KernelRandom().next64();
}

}  // namespace

Worker::Worker(const Published& published, cache::AnswerCache& answers, AskCatalog ask_catalog,
               std::size_t udp_sockets, upstream::LoopWatch& loops, bool probe_loops)
    : mailbox_(loop_),
      network_(loop_, udp_sockets),
      forwarder_(network_, loop_, seed()),
      resolver_(forwarder_, answers, published, loop_, mailbox_),
      desk_(std::move(ask_catalog), mailbox_),
      pipeline_({published, answers, loop_, resolver_, desk_, seed(), unix_time, &loops}) {
  forwarder_.watch_loops(loops, probe_loops);
  loop_.at_end_of_wakeup([this] {
    for (const auto& listener : udp_) listener->flush();
  });
}

dns::Result<std::vector<dns::SocketAddress>> Worker::open(
    const std::vector<dns::SocketAddress>& addresses, const net::TcpLimits& limits, bool first) {
  connections_.set_limits(limits);
  std::vector<dns::SocketAddress> listening;
  for (const dns::SocketAddress& address : addresses) {
    auto opened = open_one(address, first);
    for (int i = 1; i < kPortTries && address.port == 0 && !opened.ok(); ++i) {
      opened = open_one(address, first);
    }
    if (!opened.ok()) return opened.error();
    listening.push_back(opened.value());
  }
  return listening;
}

dns::Result<dns::SocketAddress> Worker::open_one(dns::SocketAddress address, bool first) {
  auto udp = UdpListener::open(loop_, address, pipeline_, first);
  if (!udp.ok()) return udp.error();
  address.port = udp.value()->local().port;  // one port for UDP and TCP
  auto tcp = TcpListener::open(loop_, address, connections_, pipeline_, first);
  if (!tcp.ok()) return tcp.error();
  udp_.push_back(std::move(udp).value());
  tcp_.push_back(std::move(tcp).value());
  return address;
}

void Worker::start() {
  thread_ = std::thread([this] { loop_.run(); });
}

void Worker::drain(dns::Milliseconds most, std::function<void()> drained) {
  mailbox_.post([this, most, drained = std::move(drained)] {
    for (const auto& listener : udp_) listener->stop_listening();
    for (const auto& listener : tcp_) listener->stop_listening();
    stop_when_drained(loop_.now() + most, drained);
  });
}

void Worker::stop_when_drained(dns::Time deadline, const std::function<void()>& drained) {
  bool busy = pipeline_.waiting() > 0 || forwarder_.in_flight() > 0;
  for (const auto& listener : tcp_) busy = busy || listener->busy();
  if (!busy || loop_.now() >= deadline) {
    for (const auto& listener : udp_) listener->flush();
    return drained();
  }
  loop_.after(kDrainStep, [this, deadline, drained] { stop_when_drained(deadline, drained); });
}

void Worker::stop() {
  mailbox_.post([this] { loop_.stop(); });
}

void Worker::pick_up() {
  pipeline_.batch_begins();
  resolver_.pick_up();
}

void Worker::join() {
  if (thread_.joinable()) thread_.join();
}

WorkerFigures Worker::figures() const {
  const PipelineCounters& c = pipeline_.counters();
  WorkerFigures all{.queries = c.queries,
                    .answered = c.replied,
                    .forwarded = c.forwarded,
                    .consulted = c.consulted,
                    .resolved = c.resolved,
                    .dropped = c.dropped,
                    .shed = c.shed,
                    .waiting = pipeline_.waiting(),
                    .forwarder = forwarder_.counters(),
                    .forgeries = forwarder_.forgeries(),
                    .servers = {}};
  for (const auto& server : forwarder_.servers()) {
    const auto& health = server->health;
    const double rtt = std::chrono::duration<double>(health.smoothed()).count();
    all.servers.push_back(
        {server->name, rtt, health.failures_in_row(), health.passed_over(), server->set_aside});
  }
  return all;
}

}  // namespace signpost
