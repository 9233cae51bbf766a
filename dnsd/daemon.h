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
#include "dnsd/control/control_port.h"
#include "dnsd/control/services_port.h"
#include "dnsd/net/file_watch.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/net/notify.h"
#include "dnsd/net/signals.h"
#include "dnsd/published.h"
#include "dnsd/sources.h"
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
  /// Host names for the HTTP catalogs, through our own forwarder.
  class OwnResolver final : public net::HostResolver {
   public:
    explicit OwnResolver(Daemon& daemon) : daemon_(daemon) {}
    void resolve(const std::string& host, Done done) override;

   private:
    Daemon& daemon_;
  };

  void restore_state();
  void keep_state();
  void keep_state_after(dns::Milliseconds pause);
  std::unique_ptr<Sources> make_sources();
  void replace_sources();
  void retire(std::unique_ptr<Sources> old);
  void publish(cache::CatalogSnapshot table);
  void wake_workers();
  void let_go_later();
  void ask_catalog(const CatalogName& name, bool refresh_only, std::function<void()> answered);

  upstream::Upstreams upstreams() const;
  void watch_resolv_conf();
  void resolv_conf_changed();
  void set_upstreams();
  dns::Result<dns::Done> read_resolv_conf();

  dns::Result<dns::Done> open_control();
  ServicesPort::Picture picture() const;
  void answer_control(net::HttpQuestion question, net::HttpAnswerer answerer);
  void count(std::function<void(const Figures&)> done);
  Figures figures() const;
  std::vector<SourceReport> reports() const;
  std::vector<std::string> not_ready() const;
  std::string ready_line() const;

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
  std::vector<conf::Upstream> from_resolv_conf_;
  std::unique_ptr<cache::AnswerCache> answers_;
  std::unique_ptr<Published> published_;
  net::Loop loop_;
  net::Mailbox mailbox_;
  OwnResolver resolver_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Sources> sources_;
  std::deque<std::unique_ptr<Sources>> retired_sources_;
  std::uint64_t sources_generation_ = 0;  // counts their replacements
  std::unique_ptr<net::FileWatch> resolv_conf_watch_;
  ControlPort control_;
  ServicesPort services_;
  std::unique_ptr<net::HttpServer> control_server_;  // null: there is no control port
  std::unique_ptr<net::Signals> signals_;
  net::TimerId let_go_ = 0;
  bool stopping_ = false;
  std::size_t workers_left_ = 0;  // that have not drained yet
};

}  // namespace signpost
