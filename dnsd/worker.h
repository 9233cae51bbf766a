// One thread that answers clients: its loop, its listeners, its forwarder.
//
// Made, and opened, on the control thread; after start() its parts belong to
// its own thread, and others reach it through mailbox(). A worker never waits
// for another.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "dnsd/catalog_desk.h"
#include "dnsd/control/figures.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/loop_network.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/pipeline.h"
#include "dnsd/tcp_listener.h"
#include "dnsd/udp_listener.h"
#include "dnsd/worker_resolver.h"
#include "upstream/forwarder.h"

namespace signpost {

/// What a worker's desk hands to the control thread: call `answered` there, once.
using AskCatalog =
    std::function<void(CatalogName name, bool refresh_only, std::function<void()> answered)>;

class Worker {
 public:
  /// `ask_catalog` may be called on this worker's thread; everything outlives it.
  /// `udp_sockets` bounds those towards upstream. One worker probes for loops.
  Worker(const Published& published, cache::AnswerCache& answers, AskCatalog ask_catalog,
         std::size_t udp_sockets, upstream::LoopWatch& loops, bool probe_loops);
  /// REQUIRES: never started, or joined.
  ~Worker() = default;

  /// Opens UDP and TCP on each address; `first` if no other worker has yet.
  /// Returns what ports of 0 became.
  dns::Result<std::vector<dns::SocketAddress>> open(
      const std::vector<dns::SocketAddress>& addresses, const net::TcpLimits& limits, bool first);
  dns::Result<dns::Done> set_upstreams(const upstream::Upstreams& upstreams) {
    return forwarder_.set_upstreams(upstreams);
  }

  void start();
  /// Any thread: hears no new queries; ends when nobody waits for a reply, or
  /// after `most`: then `drained` is called on its thread, once. It still serves
  /// the other workers then, until stop().
  void drain(dns::Milliseconds most, std::function<void()> drained);
  /// Any thread: ends the loop at once.
  void stop();
  void join();

  net::Mailbox& mailbox() { return mailbox_; }
  WorkerResolver& resolver() { return resolver_; }
  /// What follows: its own thread, by way of the mailbox.
  Pipeline& pipeline() { return pipeline_; }
  upstream::Forwarder& forwarder() { return forwarder_; }
  void set_tcp_limits(const net::TcpLimits& limits) { connections_.set_limits(limits); }
  /// Lets go of an old table.
  void pick_up();
  WorkerFigures figures() const;

 private:
  /// Asks the sources, on the control thread.
  class Desk final : public CatalogDesk {
   public:
    Desk(AskCatalog ask, net::Mailbox& home) : ask_(std::move(ask)), home_(home) {}
    void consult(const CatalogName& name, std::function<void()> done) override {
      ask_(name, false, [home = &home_, done = std::move(done)] { home->post(done); });
    }
    void refresh(const CatalogName& name) override {
      ask_(name, true, [] {});
    }

   private:
    AskCatalog ask_;
    net::Mailbox& home_;
  };

  /// Hands back the address with the port that 0 became.
  dns::Result<dns::SocketAddress> open_one(dns::SocketAddress address, bool first);
  void stop_when_drained(dns::Time deadline, const std::function<void()>& drained);

  net::Loop loop_;
  net::Mailbox mailbox_;
  net::LoopNetwork network_;
  upstream::Forwarder forwarder_;
  WorkerResolver resolver_;
  Desk desk_;
  Pipeline pipeline_;
  std::vector<std::unique_ptr<UdpListener>> udp_;
  net::TcpConnections connections_;
  std::vector<std::unique_ptr<TcpListener>> tcp_;
  std::thread thread_;
};

using Workers = std::vector<std::unique_ptr<Worker>>;

}  // namespace signpost
