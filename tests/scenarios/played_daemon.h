// The daemon's parts as dnsd/worker.h and dnsd/daemon.h put them together, but on
// a fake network and clock, and with listeners that hand replies to the script.
#pragma once

#include <functional>

#include "cache/answer_cache.h"
#include "conf/config.h"
#include "dnsd/listener.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/pipeline.h"
#include "dnsd/published.h"
#include "dnsd/worker_resolver.h"
#include "tests/scenarios/catalogs.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_network.h"
#include "upstream/forwarder.h"

namespace scenario {

struct Reply {
  Client client;
  bool tcp = false;
  dns::Wire bytes;
};

class PlayedDaemon {
 public:
  /// Who hears what the daemon does.
  struct Hearers {
    std::function<void(Reply)> reply;
    std::function<void(CatalogIsAsked)> catalog_is_asked;
  };

  /// `in_flight` bounds the questions upstream at once; 0: as usual. `loop_probes`:
  /// whether it looks for upstreams that lead back to it. REQUIRES:
  /// `network` and `clock` outlive this.
  PlayedDaemon(conf::Config config, std::size_t in_flight, bool loop_probes,
               support::FakeNetwork& network, support::FakeClock& clock, Hearers hearers);

  dns::Result<dns::Done> start();
  void query(const Client& client, bool tcp, dns::WireView bytes);
  Catalogs& catalogs() { return catalogs_; }

 private:
  class PlayedListener final : public signpost::Listener {
   public:
    PlayedListener(const Hearers& hearers, bool tcp) : hearers_(hearers), tcp_(tcp) {}
    void send(const net::Peer& peer, dns::WireView reply) override;

   private:
    const Hearers& hearers_;
    bool tcp_;
  };

  signpost::SettingsPointer settings() const;

  conf::Config config_;
  Hearers hearers_;
  PlayedListener udp_{hearers_, false};
  PlayedListener tcp_{hearers_, true};
  net::Loop idle_loop_;  // never runs: nothing is posted while there is one worker
  net::Mailbox mailbox_{idle_loop_};
  cache::AnswerCache answers_;
  signpost::Published published_;
  upstream::LoopWatch loops_{dns::SipKey{4, 5, 6}};
  upstream::Forwarder forwarder_;
  signpost::WorkerResolver resolver_;
  Catalogs catalogs_;
  signpost::Pipeline pipeline_;
};

}  // namespace scenario
