#include "dnsd/daemon.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "conf/units.h"
#include "dnsd/cache_size.h"
#include "dnsd/dump.h"
#include "dnsd/log.h"
#include "dnsd/net/file_limit.h"
#include "dnsd/net/kernel_random.h"
#include "dnsd/net/memory_limit.h"

namespace signpost {
namespace {

constexpr dns::Milliseconds kDrainMost{5000};
constexpr dns::Milliseconds kLetGoPause{1000};
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

}  // namespace

Daemon::Daemon(conf::Config config, Reload reload)
    : config_(std::move(config)),
      reload_(std::move(reload)),
      id_(draw_id()),
      cookie_secret_(draw_secret()),
      loops_(draw_secret()),
      notify_(net::Notify::from_environment()),
      answers_(std::make_unique<cache::AnswerCache>(cache_bytes(config_))),
      mailbox_(loop_),
      resolver_(workers_, mailbox_),
      upstream_(loop_, config_, listening_),
      state_(loop_, config_, *answers_, sources_),
      control_({loop_, mailbox_, config_, workers_, published_, sources_, upstream_, *answers_,
                resolver_,
                [this](const CatalogName& name, std::function<void()> answered) {
                  ask_catalog(name, false, std::move(answered));
                }},
               id_) {
  answers_->set_rules(answer_rules(config_));
}

Daemon::~Daemon() = default;

dns::Result<dns::Done> Daemon::open() {
  const auto settings = std::make_shared<const Settings>(
      make_settings(config_, config_.listen.addresses, cookie_secret_));
  published_ =
      std::make_unique<Published>(World{std::make_shared<const cache::CatalogTable>(), settings});
  if (auto opened = open_workers(); !opened.ok()) return opened;
  if (auto opened = control_.open(); !opened.ok()) return opened;
  upstream_.read();
  answers_->set_cuts(upstream_.suffixes());
  for (const auto& worker : workers_) {
    if (auto set = worker->set_upstreams(upstream_.all()); !set.ok()) return set;
  }
  publish(published_->get()->table);  // now with the ports that 0 became
  return dns::Done{};
}

dns::Result<dns::Done> Daemon::open_workers() {
  const std::size_t udp_sockets =
      net::udp_sockets_for(net::raise_file_limit(), config_.listen.workers);
  listening_ = config_.listen.addresses;
  for (unsigned i = 0; i < config_.listen.workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(*published_, *answers_, ask_from_a_worker(),
                                                udp_sockets, loops_, i == 0));
    auto opened = workers_.back()->open(listening_, tcp_limits(config_), i == 0);
    if (!opened.ok()) return opened.error();
    listening_ = std::move(opened).value();
  }
  std::vector<WorkerResolver*> resolvers;
  for (const auto& worker : workers_) resolvers.push_back(&worker->resolver());
  for (const auto& worker : workers_) worker->resolver().meet(resolvers);
  return dns::Done{};
}

void Daemon::run() {
  signals_ = std::make_unique<net::Signals>(
      loop_, net::Signals::Handlers{[this] { reload(); }, [this] { stop(); }, [this] { dump(); }});
  sources_ = make_sources();
  state_.restore();  // so that the first query has it
  for (const auto& worker : workers_) worker->start();
  upstream_.watch([this] { set_upstreams(); });
  sources_->when_restored([this] { begin(); });
  say_ready();  // also while much is being restored: names that are asked for go first
  loop_.run();
  for (const auto& worker : workers_) worker->join();
  control_.close();
  state_.keep();
  sources_.reset();
  retired_sources_.clear();
  upstream_.stop();
  logger("daemon")->info("stopped");
}

/// What the last run knew is there; now the sources are read, and may take the loop's time.
void Daemon::begin() {
  if (stopping_) return;
  sources_->start();
  state_.keep_now_and_then();
  say_ready();
}

void Daemon::say_ready() {
  if (std::exchange(said_ready_, true)) return;
  std::printf("%s\n", ready_line().c_str());
  std::fflush(stdout);
  if (auto told = notify_.ready(ready_line()); !told.ok()) {
    logger("daemon")->warn(told.error().message);
  }
}

std::string Daemon::ready_line() const {
  std::string line = "ready udp=" + joined(listening_) + " tcp=" + joined(listening_);
  if (const auto control = control_.local()) line += " control=" + control->to_text();
  return line;
}

// ---- the catalog

std::unique_ptr<Sources> Daemon::make_sources() {
  return std::make_unique<Sources>(
      loop_, config_, resolver_, id_,
      [this](cache::CatalogSnapshot table) { publish(std::move(table)); });
}

void Daemon::replace_sources() {
  sources_->restore_rest();
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
  if (!published_->get()->table->restoring()) control_.changed();
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

AskCatalog Daemon::ask_from_a_worker() {
  return [this](CatalogName name, bool refresh_only, std::function<void()> answered) {
    mailbox_.post([this, name = std::move(name), refresh_only, answered = std::move(answered)] {
      ask_catalog(name, refresh_only, answered);
    });
  };
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

void Daemon::set_upstreams() {
  answers_->set_cuts(upstream_.suffixes());
  for (const auto& worker : workers_) {
    worker->mailbox().post(
        [worker = worker.get(), asked = upstream_.all(), answers = answers_.get()] {
          if (auto set = worker->set_upstreams(asked); !set.ok()) {
            logger("forwarder")->error(set.error().message);
          }
          answers->failures().forget();
        });
  }
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
  const bool same_catalog = config.catalogs == config_.catalogs && config.zone == config_.zone &&
                            config.health == config_.health;
  config_ = std::move(config);
  set_up_log(config_.log);
  answers_->set_limit(cache_bytes(config_));
  answers_->set_rules(answer_rules(config_));
  if (!same_control) {
    if (auto opened = control_.open(); !opened.ok()) {
      logger("control")->error("{}; there is no control port now", opened.error().message);
    }
  }
  upstream_.read();
  upstream_.watch([this] { set_upstreams(); });
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
  control_.count(
      [this](const Figures& figures) { signpost::dump(figures, *published_->get()->table); });
}

void Daemon::stop() {
  if (stopping_) return;
  stopping_ = true;
  state_.stop();
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
