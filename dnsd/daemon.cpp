#include "dnsd/daemon.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include "conf/units.h"
#include "dnsd/cache_size.h"
#include "dnsd/dump.h"
#include "dnsd/log.h"
#include "dnsd/net/file_limit.h"
#include "dnsd/net/kernel_random.h"
#include "dnsd/net/memory_limit.h"
#include "dnsd/state_file.h"
#include "upstream/resolv_conf.h"

namespace signpost {
namespace {

constexpr dns::Milliseconds kDrainMost{5000};
constexpr dns::Milliseconds kLetGoPause{1000};
constexpr dns::Milliseconds kKeepStateFirst{1000};
constexpr dns::Milliseconds kKeepStateLatest{300'000};
// Longer than any look-up in a catalog may take by default.
constexpr dns::Milliseconds kRetireAfter{5000};
// Tables that workers may hold before freed ones are looked for at once.
constexpr std::size_t kMostRetired = 16;

dns::SipKey draw_secret() {
  net::KernelRandom random;
  dns::SipKey secret;
  for (std::size_t i = 0; i < secret.size(); i += 8) {
    const std::uint64_t word = random.next64();
    std::memcpy(&secret[i], &word, 8);
  }
  return secret;
}

/// Of this daemon among those that read each other's catalogs.
std::string draw_id() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  net::KernelRandom random;
  std::string id;
  for (std::uint64_t word = random.next64(); id.size() < 16; word >>= 4) id += kDigits[word & 15];
  return id;
}

net::TcpLimits tcp_limits(const conf::Config& config) {
  net::TcpLimits limits;
  limits.connections =
      std::max<std::size_t>(1, config.listen.tcp_connections / config.listen.workers);
  limits.idle = config.listen.tcp_idle;
  return limits;
}

std::size_t cache_bytes(const conf::Config& config) {
  if (config.cache.size) return *config.cache.size;
  const auto limit = net::memory_limit();
  const std::uint64_t size = cache_size(config.cache, limit);
  logger("daemon")->info("cache.size auto: {}, {}", conf::size_to_text(size),
                         limit ? "of a memory limit of " + conf::size_to_text(*limit)
                               : std::string("for there is no memory limit"));
  return size;
}

cache::AnswerRules answer_rules(const conf::Config& config) {
  return {config.cache.stale_for, config.cache.prefetch};
}

std::string joined(const std::vector<dns::SocketAddress>& addresses) {
  std::string out;
  for (const auto& address : addresses) out += (out.empty() ? "" : ",") + address.to_text();
  return out;
}

std::vector<dns::Name> suffixes(const std::vector<conf::ForwardZone>& zones) {
  std::vector<dns::Name> out;
  for (const auto& zone : zones) out.push_back(zone.suffix);
  return out;
}

}  // namespace

void Daemon::OwnResolver::resolve(const std::string& host, Done done) {
  auto name = dns::Name::from_text(host);
  if (!name.ok()) return done(name.error());
  Worker& worker = *daemon_.workers_.front();
  worker.mailbox().post([this, &worker, host, name = name.value(), done = std::move(done)] {
    worker.pipeline().batch_begins();
    worker.pipeline().find_addresses(name, [this, host, done](std::vector<dns::IpAddress> found) {
      daemon_.mailbox_.post([host, done, found = std::move(found)] {
        if (!found.empty()) return done(found);
        done(dns::Error{"upstream did not say the addresses of " + host});
      });
    });
  });
}

Daemon::Daemon(conf::Config config, Reload reload)
    : config_(std::move(config)),
      reload_(std::move(reload)),
      id_(draw_id()),
      cookie_secret_(draw_secret()),
      loops_(draw_secret()),
      notify_(net::Notify::from_environment()),
      answers_(std::make_unique<cache::AnswerCache>(cache_bytes(config_))),
      mailbox_(loop_),
      resolver_(*this),
      control_([this] { return not_ready(); }, [this] { return reports(); }),
      services_(
          loop_, [this] { return picture(); }, id_) {
  answers_->set_rules(answer_rules(config_));
}

Daemon::~Daemon() = default;

dns::Result<dns::Done> Daemon::open() {
  const std::size_t udp_sockets =
      net::udp_sockets_for(net::raise_file_limit(), config_.listen.workers);
  const auto settings = std::make_shared<const Settings>(
      make_settings(config_, config_.listen.addresses, cookie_secret_));
  published_ =
      std::make_unique<Published>(World{std::make_shared<const cache::CatalogTable>(), settings});
  listening_ = config_.listen.addresses;
  for (unsigned i = 0; i < config_.listen.workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(
        *published_, *answers_,
        [this](CatalogName name, bool refresh_only, std::function<void()> answered) {
          mailbox_.post(
              [this, name = std::move(name), refresh_only, answered = std::move(answered)] {
                ask_catalog(name, refresh_only, answered);
              });
        },
        udp_sockets, loops_, i == 0));
    auto opened = workers_.back()->open(listening_, tcp_limits(config_), i == 0);
    if (!opened.ok()) return opened.error();
    listening_ = std::move(opened).value();
  }
  std::vector<WorkerResolver*> resolvers;
  for (const auto& worker : workers_) resolvers.push_back(&worker->resolver());
  for (const auto& worker : workers_) worker->resolver().meet(resolvers);
  if (auto opened = open_control(); !opened.ok()) return opened;
  if (auto read = read_resolv_conf(); !read.ok()) logger("forwarder")->warn(read.error().message);
  answers_->set_cuts(suffixes(config_.forward.zones));
  for (const auto& worker : workers_) {
    if (auto set = worker->set_upstreams(upstreams()); !set.ok()) return set;
  }
  publish(published_->get()->table);  // now with the ports that 0 became
  return dns::Done{};
}

void Daemon::run() {
  signals_ = std::make_unique<net::Signals>(
      loop_, net::Signals::Handlers{[this] { reload(); }, [this] { stop(); }, [this] { dump(); }});
  sources_ = make_sources();
  restore_state();  // so that the first query has it
  for (const auto& worker : workers_) worker->start();
  watch_resolv_conf();
  sources_->start();
  keep_state_after(kKeepStateFirst);
  std::printf("%s\n", ready_line().c_str());
  std::fflush(stdout);
  if (auto told = notify_.ready(ready_line()); !told.ok()) {
    logger("daemon")->warn(told.error().message);
  }
  loop_.run();
  for (const auto& worker : workers_) worker->join();
  control_server_.reset();
  keep_state();
  sources_.reset();
  retired_sources_.clear();
  resolv_conf_watch_.reset();
  logger("daemon")->info("stopped");
}

std::string Daemon::ready_line() const {
  std::string line = "ready udp=" + joined(listening_) + " tcp=" + joined(listening_);
  if (control_server_) line += " control=" + control_server_->local().to_text();
  return line;
}

// ---- the state file

void Daemon::restore_state() {
  if (config_.state.path.empty()) return;
  auto read = read_state(config_.state.path, *answers_, config_.cache.max_ttl, loop_.now());
  if (!read.ok()) return logger("daemon")->warn("{}; starting without it", read.error().message);
  sources_->restore(read.value());
  logger("daemon")->info("state: {} answers and {} catalogs are known from the last run",
                         answers_->entries(), read.value().size());
}

/// A crash, or a host that loses its power, stops nothing cleanly: soon after the
/// start, when the sources have been read, and then ever less often.
void Daemon::keep_state_after(dns::Milliseconds pause) {
  loop_.after(pause, [this, pause] {
    if (!stopping_) keep_state();
    keep_state_after(std::min(2 * pause, kKeepStateLatest));
  });
}

void Daemon::keep_state() {
  if (config_.state.path.empty() || !sources_) return;
  const auto written =
      write_state(config_.state.path, sources_->knowledge(), *answers_, loop_.now());
  if (!written.ok()) logger("daemon")->warn("state: {}", written.error().message);
}

// ---- the catalog

std::unique_ptr<Sources> Daemon::make_sources() {
  return std::make_unique<Sources>(
      loop_, config_, resolver_, id_,
      [this](cache::CatalogSnapshot table) { publish(std::move(table)); });
}

void Daemon::replace_sources() {
  auto next = make_sources();
  next->adopt(*sources_);
  next->start();
  sources_.swap(next);
  ++sources_generation_;
  retire(std::move(next));
}

/// Queries may wait for the old sources: they are heard out, and then ask the
/// new ones (ask_catalog).
void Daemon::retire(std::unique_ptr<Sources> old) {
  old->fall_silent();
  retired_sources_.push_back(std::move(old));
  loop_.after(kRetireAfter, [this] {
    if (!retired_sources_.empty()) retired_sources_.pop_front();
  });
}

void Daemon::publish(cache::CatalogSnapshot table) {
  auto settings =
      std::make_shared<const Settings>(make_settings(config_, listening_, cookie_secret_));
  published_->publish({std::move(table), std::move(settings)});
  if (published_->retired() > kMostRetired) published_->let_go();
  services_.changed();
  wake_workers();
  let_go_later();
}

/// So that an idle worker lets go of the old table too.
void Daemon::wake_workers() {
  for (const auto& worker : workers_) {
    worker->mailbox().post([worker = worker.get()] { worker->pick_up(); });
  }
}

void Daemon::let_go_later() {
  if (let_go_ != 0) return;
  let_go_ = loop_.after(kLetGoPause, [this] {
    let_go_ = 0;
    if (published_->let_go() > 0) let_go_later();
  });
}

void Daemon::ask_catalog(const CatalogName& name, bool refresh_only,
                         std::function<void()> answered) {
  if (!sources_ || refresh_only) {
    if (sources_) sources_->refresh(name);
    return answered();
  }
  sources_->consult(name, [this, name, answered, generation = sources_generation_] {
    if (generation == sources_generation_) return answered();
    ask_catalog(name, false, answered);
  });
}

// ---- upstream servers

upstream::Upstreams Daemon::upstreams() const {
  upstream::Upstreams asked;
  asked.servers = config_.forward.upstreams.empty() ? from_resolv_conf_ : config_.forward.upstreams;
  asked.zones = config_.forward.zones;
  asked.policy = config_.forward.policy;
  asked.hedge = config_.forward.hedge;
  return asked;
}

dns::Result<dns::Done> Daemon::read_resolv_conf() {
  if (!config_.forward.upstreams.empty()) {
    from_resolv_conf_.clear();
    return dns::Done{};
  }
  std::ifstream file(config_.forward.resolv_conf);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) {
    return dns::Error{config_.forward.resolv_conf +
                      ": cannot be read; upstream servers stay as they are until it can"};
  }
  from_resolv_conf_.clear();
  const auto read = upstream::read_resolv_conf(text.str(), listening_);
  for (const std::string& warning : read.warnings) {
    logger("forwarder")->warn("{}: {}", config_.forward.resolv_conf, warning);
  }
  for (const dns::SocketAddress& server : read.servers) {
    from_resolv_conf_.push_back({conf::Upstream::Transport::udp, server, ""});
  }
  return dns::Done{};
}

void Daemon::watch_resolv_conf() {
  resolv_conf_watch_.reset();
  if (!config_.forward.upstreams.empty()) return;
  resolv_conf_watch_ = std::make_unique<net::FileWatch>(loop_, config_.forward.resolv_conf,
                                                        [this] { resolv_conf_changed(); });
}

void Daemon::resolv_conf_changed() {
  const auto before = from_resolv_conf_;
  if (auto read = read_resolv_conf(); !read.ok()) {
    return logger("forwarder")->warn(read.error().message);
  }
  if (from_resolv_conf_ == before) return;
  logger("forwarder")
      ->info("{} changed: {} upstream servers", config_.forward.resolv_conf,
             from_resolv_conf_.size());
  set_upstreams();
}

void Daemon::set_upstreams() {
  answers_->set_cuts(suffixes(config_.forward.zones));
  for (const auto& worker : workers_) {
    worker->mailbox().post([worker = worker.get(), asked = upstreams(), answers = answers_.get()] {
      if (auto set = worker->set_upstreams(asked); !set.ok()) {
        logger("forwarder")->error(set.error().message);
      }
      answers->failures().forget();
    });
  }
}

// ---- the control port

dns::Result<dns::Done> Daemon::open_control() {
  control_server_.reset();
  if (!config_.control.listen) return dns::Done{};
  auto opened =
      net::HttpServer::open(loop_, *config_.control.listen,
                            [this](net::HttpQuestion question, net::HttpAnswerer answerer) {
                              answer_control(std::move(question), std::move(answerer));
                            });
  if (!opened.ok()) return opened.error();
  control_server_ = std::move(opened).value();
  return dns::Done{};
}

ServicesPort::Picture Daemon::picture() const {
  const auto origins_of = [this](cache::SourceId source) {
    return sources_ ? sources_->origins(source) : nullptr;
  };
  return {published_->get()->table, config_.zone.name, loop_.now(), origins_of};
}

/// Each worker counts for itself: they are asked in turn, by their mailboxes.
void Daemon::count(std::function<void(const Figures&)> done) {
  struct Count {
    Figures figures;
    std::size_t left;
    std::function<void(const Figures&)> done;
  };
  auto counting = std::make_shared<Count>(Count{figures(), workers_.size(), std::move(done)});
  for (const auto& worker : workers_) {
    worker->mailbox().post([this, worker = worker.get(), counting] {
      mailbox_.post([counting, its = worker->figures()] {
        counting->figures.workers.add(its);
        if (--counting->left == 0) counting->done(counting->figures);
      });
    });
  }
}

/// All but what the workers count.
Figures Daemon::figures() const {
  const auto table = published_->get()->table;
  Figures all;
  if (sources_) all.sources = sources_->reports();
  all.cache = answers_->counters();
  all.cache_bytes = answers_->size_bytes();
  all.cache_entries = answers_->entries();
  all.serial = table->serial();
  all.services = table->services();
  all.instances = table->instances();
  return all;
}

void Daemon::answer_control(net::HttpQuestion question, net::HttpAnswerer answerer) {
  if (ServicesPort::takes(question.path)) {
    return services_.answer(std::move(question), std::move(answerer));
  }
  if (!ControlPort::is_metrics(question)) return answerer.answer(control_.answer(question));
  const auto later = std::make_shared<net::HttpAnswerer>(std::move(answerer));
  count([later](const Figures& figures) {
    const double now = static_cast<double>(std::time(nullptr));
    later->answer(ControlPort::metrics(figures, now));
  });
}

std::vector<SourceReport> Daemon::reports() const {
  return sources_ ? sources_->reports() : std::vector<SourceReport>();
}

std::vector<std::string> Daemon::not_ready() const {
  std::vector<std::string> reasons =
      sources_ ? sources_->not_ready() : std::vector<std::string>{"catalogs: not started yet"};
  if (upstreams().servers.empty()) reasons.emplace_back("upstream: no server is known");
  const bool reached = std::any_of(workers_.begin(), workers_.end(), [](const auto& worker) {
    return worker->resolver().upstream_reached();
  });
  if (!reached) reasons.emplace_back("upstream: no server could be reached at the last query");
  return reasons;
}

// ---- signals

void Daemon::reload() {
  auto loaded = reload_();
  if (!loaded.ok()) {
    return logger("daemon")->error("the configuration was not reloaded, nothing changed: {}",
                                   loaded.error().message);
  }
  for (const std::string& warning : loaded.value().warnings) logger("daemon")->warn(warning);
  if (auto told = notify_.reloading(); !told.ok()) logger("daemon")->warn(told.error().message);
  apply(std::move(loaded).value().config);
  if (auto told = notify_.ready(ready_line()); !told.ok()) {
    logger("daemon")->warn(told.error().message);
  }
}

void Daemon::apply(conf::Config config) {
  const bool same_sockets = config.listen.addresses == config_.listen.addresses &&
                            config.listen.workers == config_.listen.workers;
  if (!same_sockets) {
    logger("daemon")->warn("listen.addresses and listen.workers change at the next start");
    config.listen.addresses = config_.listen.addresses;
    config.listen.workers = config_.listen.workers;
  }
  const bool same_control = config.control.listen == config_.control.listen;
  const bool same_catalog = config.catalogs == config_.catalogs && config.zone == config_.zone;
  config_ = std::move(config);
  set_up_log(config_.log);
  answers_->set_limit(cache_bytes(config_));
  answers_->set_rules(answer_rules(config_));
  if (!same_control) {
    if (auto opened = open_control(); !opened.ok()) {
      logger("control")->error("{}; there is no control port now", opened.error().message);
    }
  }
  if (auto read = read_resolv_conf(); !read.ok()) logger("forwarder")->warn(read.error().message);
  watch_resolv_conf();
  set_upstreams();
  for (const auto& worker : workers_) {
    worker->mailbox().post(
        [worker = worker.get(), limits = tcp_limits(config_)] { worker->set_tcp_limits(limits); });
  }
  if (same_catalog) {
    publish(published_->get()->table);
  } else {
    replace_sources();
  }
  logger("daemon")->info("the configuration was reloaded");
}

void Daemon::dump() {
  count([this](const Figures& figures) { signpost::dump(figures, *published_->get()->table); });
}

void Daemon::stop() {
  if (stopping_) return;
  stopping_ = true;
  logger("daemon")->info("stopping");
  if (auto told = notify_.stopping(); !told.ok()) logger("daemon")->warn(told.error().message);
  workers_left_ = workers_.size();
  for (const auto& worker : workers_) {
    worker->drain(kDrainMost, [this] {
      mailbox_.post([this] {
        if (--workers_left_ > 0) return;
        for (const auto& each : workers_) each->stop();
        loop_.stop();
      });
    });
  }
}

}  // namespace signpost
