// Owns every part: starts them in order, stops them in reverse, drains between.
//
// Control thread. Start-up fails with a sentence; a reload that fails changes
// nothing and says so.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "cache/answer_cache.h"
#include "conf/load.h"
#include "dnsd/control_desk.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/net/notify.h"
#include "dnsd/net/signals.h"
#include "dnsd/own_resolver.h"
#include "dnsd/published.h"
#include "dnsd/sources.h"
#include "dnsd/state_keeper.h"
#include "dnsd/upstream_servers.h"
#include "dnsd/worker.h"
#include "upstream/loop_watch.h"

namespace signpost {

class Daemon {
 public:
  /// `reload` reads the configuration anew, for SIGHUP.
  using Reload = std::function<dns::Result<conf::Loaded>()>;

  Daemon(conf::Config config, Reload reload);
  ~Daemon();

  /// Opens every address. The error says which could not be.
  dns::Result<dns::Done> open();
  /// Serves until SIGTERM or SIGINT, then drains.
  void run();

 private:
  dns::Result<dns::Done> open_workers();
  void begin();
  void say_ready();
  std::string ready_line() const;

  std::unique_ptr<Sources> make_sources();
  void replace_sources();
  void retire(std::unique_ptr<Sources> old);
  void publish(cache::CatalogSnapshot table);
  void wake_workers();
  void let_go_later();
  AskCatalog ask_from_a_worker();
  void ask_catalog(const CatalogName& name, bool refresh_only, std::function<void()> answered);

  void set_upstreams();

  void reload();
  void apply(conf::Config config);
  void dump();
  void stop();

  conf::Config config_;
  Reload reload_;
  std::string id_;  // drawn at each start
  dns::SipKey cookie_secret_;
  upstream::LoopWatch loops_;
  net::Notify notify_;
  std::vector<dns::SocketAddress> listening_;
  std::unique_ptr<cache::AnswerCache> answers_;
  std::unique_ptr<Published> published_;
  net::Loop loop_;
  net::Mailbox mailbox_;
  OwnResolver resolver_;
  Workers workers_;
  std::unique_ptr<Sources> sources_;
  std::deque<std::unique_ptr<Sources>> retired_sources_;
  std::uint64_t sources_generation_ = 0;  // counts their replacements
  UpstreamServers upstream_;
  StateKeeper state_;
  ControlDesk control_;
  std::unique_ptr<net::Signals> signals_;
  net::TimerId let_go_ = 0;
  bool stopping_ = false;
  bool said_ready_ = false;
  std::size_t workers_left_ = 0;  // that have not drained yet
};

}  // namespace signpost
