#include "dnsd/sources.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "cache/mass_change_guard.h"
#include "dnsd/log.h"
#include "dnsd/net/curl_client.h"
#include "dnsd/net/kernel_random.h"
#include "dnsd/source_maker.h"
#include "upstream/asked_names.h"
#include "upstream/aws_region.h"
#include "upstream/http_lookup_url.h"
#include "upstream/http_source.h"
#include "upstream/signed_http.h"

namespace signpost {
namespace {

using Type = conf::Catalog::Type;

/// Type and place, as `--catalog` takes it.
std::string default_name(const conf::Catalog& catalog) {
  switch (catalog.type) {
    case Type::file:
      return "file:" + catalog.path;
    case Type::http:
      return "http:" + catalog.url;
    case Type::route53:
      return "route53:" + catalog.zone;
    case Type::etcd:
      return "etcd:" + (catalog.endpoints.empty() ? "" : catalog.endpoints.front());
    case Type::signpost:
      return "signpost:" + catalog.url;
    case Type::builtin:
      break;
  }
  return "builtin:" + catalog.path;
}

std::string lowered(std::string text) {
  for (char& c : text) c = static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
  return text;
}

std::string name_of(const conf::Catalog& catalog) {
  return catalog.name.empty() ? default_name(catalog) : catalog.name;
}

/// A file is somebody's own word; a relay was guarded where it reads.
bool is_guarded(Type type) {
  return type == Type::route53 || type == Type::etcd;
}

/// What a source may take for its own word after a restart.
std::string identity_of(const conf::Config& config, const conf::Catalog& catalog) {
  return config.zone.name.to_text() + ' ' + default_name(catalog) + ' ' +
         std::to_string(static_cast<int>(catalog.dialect)) + ' ' + catalog.default_version;
}

}  // namespace

/// A source that lists: what it reads goes into the catalog whole.
class Sources::Listing final : private upstream::CatalogSink {
 public:
  Listing(Sources& sources, const conf::Catalog& catalog)
      : sources_(sources),
        configured_(catalog),
        name_(name_of(catalog)),
        id_(sources.catalog_.add_listing_source(name_)),
        guarded_(is_guarded(catalog.type)),
        guard_(catalog.max_drop) {
    make_source();
  }

  void start() {
    for (Standby* standby : stand_ins_) standby->primary_away();
    source_->start();
  }

  /// It is read and shown only when `standby` says so.
  void stand_by(Standby& standby) {
    standby_ = &standby;
    sources_.catalog_.set_aside(id_, true);
  }
  /// `standby` hears how this source does.
  void be_stood_in_by(Standby& standby) { stand_ins_.push_back(&standby); }
  /// Starts what is read from the start on.
  void begin() {
    if (standby_ == nullptr) start();
    if (resumes_) standby_->resume();
  }
  const std::string& primary() const { return configured_.standby_for; }

  void show(bool shown) { sources_.catalog_.set_aside(id_, !shown); }
  void let_go() {
    make_source();
    loaded_once_ = false;
    failure_.clear();
    old_from_ = dns::Time::max();
    guard_ = cache::MassChangeGuard(configured_.max_drop);
    sources_.catalog_.forget(id_);
    show(false);
  }

  bool loaded_once() const { return loaded_once_; }
  void adopt(const Listing& before) {
    loaded_once_ = true;
    old_from_ = before.old_from_;
    guard_.know(sources_.catalog_.knowledge(id_));
    resumes_ = standby_ != nullptr && before.standby_ != nullptr && before.standby_->is_shown() &&
               sources_.catalog_.info(id_).loaded;
  }
  cache::SourceId id() const { return id_; }

  void restore(const cache::SourceKnowledge& known) {
    if (!known.loaded) return;
    guard_.know(known);
    cache::CatalogPart part;
    for (const auto& service : known.services) part.services.push_back(*service);
    for (const cache::Record& record : known.records) {
      const bool ours = dns::is_within(record.owner.view(), sources_.config_.zone.name.view());
      if (ours) part.records.push_back(record);
    }
    sources_.catalog_.set_part(id_, std::move(part), known.loaded_at);
    old_after(dns::Milliseconds(0));
    loaded_once_ = true;
  }
  const std::string& name() const { return name_; }
  const std::string& failure() const { return failure_; }
  const std::vector<upstream::Origin>* origins() const { return source_->origins(); }

  SourceReport report() const {
    SourceReport report = sources_.report_of(id_);
    if (loaded_once_) report.age = sources_.age(sources_.catalog_.info(id_).loaded_at);
    report.stale = sources_.loop_.now() >= old_from_;
    report.failure = failure_;
    report.failures = failures_;
    report.held = guard_.held();
    report.sent = source_->counters();
    return report;
  }

 private:
  void loaded(cache::CatalogPart part) override {
    logger("catalog")->info("{}: read {} services and {} records", name_, part.services.size(),
                            part.records.size());
    loaded_once_ = true;
    failure_.clear();
    hold_mass_change(part);
    sources_.catalog_.set_part(id_, std::move(part), sources_.loop_.now());
    heard();
    malloc_trim(0);  // reading took several times the memory that the table keeps
  }

  void hold_mass_change(cache::CatalogPart& part) {
    if (!guarded_) return;
    const auto stands = [this] { return sources_.catalog_.knowledge(id_); };
    for (const std::string& why : guard_.admit(part, stands)) {
      logger("catalog")->warn("{}: {}", name_, why);
    }
    if (guard_.held() > 0) source_->read_again();
  }

  void changed(cache::CatalogDelta delta) override {
    failure_.clear();
    guard_.note(delta);
    sources_.catalog_.change_services(id_, std::move(delta), sources_.loop_.now());
    heard();
  }

  void confirmed() override {
    if (!failure_.empty()) logger("catalog")->info("{}: answers again", name_);
    failure_.clear();
    sources_.catalog_.confirm(id_, sources_.loop_.now());
    heard();
  }

  void failed(const std::string& why) override {
    logger("catalog")->warn("{}: {}: {}", name_, loaded_once_ ? "kept what was there" : "not read",
                            why);
    ++failures_;
    if (failure_.empty()) old_after(source_->freshness().after_failure);
    failure_ = why;
    sources_.catalog_.set_failure(id_, why);
    for (Standby* standby : stand_ins_) {
      if (source_->reached()) standby->primary_well();
      if (!source_->reached()) standby->primary_away();
    }
    sources_.publish();
  }

  /// Not started.
  void make_source() { source_ = make_listing_source(sources_.tools(), configured_, *this); }

  /// A good word: the data is of now.
  void heard() {
    for (Standby* standby : stand_ins_) standby->primary_well();
    if (standby_ != nullptr && loaded_once_) standby_->loaded();
    old_from_ = dns::Time::max();
    old_after(source_->freshness().after_word);
    sources_.publish();
  }

  void old_after(std::optional<dns::Milliseconds> time) {
    if (time) old_from_ = std::min(old_from_, sources_.loop_.now() + *time);
    sources_.catalog_.set_old_from(id_, old_from_);
  }

  Sources& sources_;
  const conf::Catalog& configured_;
  std::string name_;
  cache::SourceId id_;
  Standby* standby_ = nullptr;       // its own, when it stands by
  std::vector<Standby*> stand_ins_;  // those that stand by for it
  bool resumes_ = false;             // it was shown before a reload
  bool guarded_;
  cache::MassChangeGuard guard_;
  bool loaded_once_ = false;
  std::uint64_t failures_ = 0;
  std::string failure_;
  dns::Time old_from_ = dns::Time::max();
  std::unique_ptr<upstream::ListingSource> source_;  // last: it calls the rest
};

/// A source that is asked name by name.
class Sources::Asking {
 public:
  Asking(Sources& sources, const conf::Catalog& catalog)
      : versions_(catalog.dialect == conf::Catalog::Dialect::catalog),
        default_version_(versions_ ? lowered(catalog.default_version) : ""),
        name_(name_of(catalog)),
        id_(sources.catalog_.add_asking_source(
            name_, versions_ ? std::optional(default_version_) : std::nullopt)),
        configured_(upstream::configured_keys(catalog)),
        asked_(
            std::make_unique<upstream::HttpSource>(catalog, sources.client_of(catalog),
                                                   sources.loop_),
            sources.loop_, dns::Random(net::KernelRandom().next64()),
            sources.config_.zone.negative_ttl,
            [this, &sources](const upstream::LookupKey& key, cache::AskedState state) {
              publish(sources, key, std::move(state));
            },
            limits(catalog)) {}

  void start() { asked_.start(configured_); }
  const std::string& name() const { return name_; }
  cache::SourceId id() const { return id_; }

  void adopt(const std::vector<cache::SourceKnowledge::Name>& names) {
    for (const auto& name : names) asked_.adopt({name.service, name.version}, name.state);
  }

  /// What was heard before the restart stands until the catalog says more.
  void restore(Sources& sources, const cache::SourceKnowledge& known) {
    for (const auto& name : known.names) {
      cache::AskedState state = name.state;
      if (!state.service) continue;
      state.failed = true;
      state.why = "the catalog has not answered since the restart";
      state.retry_at = sources.loop_.now();
      state.fresh_until = state.refresh_at = state.retry_at;
      answered_once_ = true;
      asked_.adopt({name.service, name.version}, state);
      sources.catalog_.set_asked(id_, name.service, name.version, std::move(state));
    }
  }

  SourceReport report(const Sources& sources) const {
    SourceReport report = sources.report_of(id_);
    if (heard_) report.age = sources.age(*heard_);
    report.failure = failure_;
    report.failures = failures_;
    report.held = asked_.held();
    report.sent = asked_.counters();
    return report;
  }

  bool answered_once() const { return answered_once_ || (configured_.empty() && failure_.empty()); }
  const std::string& failure() const { return failure_; }

  /// Nothing: this source knows no versions, and one is asked for.
  std::optional<upstream::LookupKey> key_of(const CatalogName& name) const {
    if (!versions_ && !name.version.empty()) return std::nullopt;
    return upstream::LookupKey{name.service,
                               name.version.empty() ? default_version_ : name.version};
  }
  upstream::AskedNames& asked() { return asked_; }

 private:
  static upstream::AskedNamesLimits limits(const conf::Catalog& catalog) {
    upstream::AskedNamesLimits limits;
    limits.max_drop = catalog.max_drop;
    return limits;
  }

  void publish(Sources& sources, const upstream::LookupKey& key, cache::AskedState state) {
    if (state.failed && state.why != failure_) {
      logger("catalog")->warn("{}: {}{}: {}", name_, key.service,
                              state.service ? ": kept what was there" : "", state.why);
    } else if (!state.failed && !failure_.empty()) {
      logger("catalog")->info("{}: answers again", name_);
    }
    failure_ = state.failed ? state.why : "";
    failures_ += state.failed ? 1 : 0;
    if (!state.failed) heard_ = sources.loop_.now();
    answered_once_ = answered_once_ || !state.failed;
    sources.catalog_.set_asked(id_, key.service, key.version, std::move(state));
    sources.publish();
  }

  bool versions_;
  std::string default_version_;
  bool answered_once_ = false;
  std::optional<dns::Time> heard_;  // the last good word
  std::uint64_t failures_ = 0;
  std::string name_;
  std::string failure_;
  cache::SourceId id_;
  std::vector<upstream::LookupKey> configured_;
  upstream::AskedNames asked_;
};

Sources::Sources(net::Loop& loop, const conf::Config& config, net::HostResolver& resolver,
                 std::string daemon_id, std::function<void(cache::CatalogSnapshot)> published)
    : loop_(loop),
      config_(config),
      resolver_(resolver),
      daemon_id_(std::move(daemon_id)),
      published_(std::move(published)),
      catalog_(config.zone) {
  for (const conf::Catalog& catalog : config_.catalogs) {
    if (is_listing(catalog.type)) {
      listing_.push_back(std::make_unique<Listing>(*this, catalog));
    } else if (catalog.type == Type::http) {
      asking_.push_back(std::make_unique<Asking>(*this, catalog));
    } else {
      // Its names may exist: until its type is in effect they are "not ready".
      catalog_.add_listing_source(name_of(catalog));
      not_in_effect_.push_back(name_of(catalog));
    }
  }
  pair_standbys();
}

Sources::Listing* Sources::listing_called(const std::string& name) {
  const auto at = std::find_if(listing_.begin(), listing_.end(),
                               [&](const auto& source) { return source->name() == name; });
  return at != listing_.end() ? at->get() : nullptr;
}

void Sources::pair_standbys() {
  for (const auto& listing : listing_) {
    Listing* source = listing.get();
    Listing* primary = listing_called(source->primary());
    if (primary == nullptr) continue;
    const auto show = [source, primary](bool standby_shown) {
      source->show(standby_shown);
      primary->show(!standby_shown);
    };
    const auto say = [source, primary](const char* what) {
      logger("catalog")->info("{}: {}, in the place of {}", source->name(), what, primary->name());
    };
    Standby::Actions actions;
    actions.read = [source, say] {
      say("is read");
      source->start();
    };
    actions.show = [show, say] {
      say("is shown");
      show(true);
    };
    actions.let_go = [source, show, say] {
      say("is no longer read");
      show(false);
      source->let_go();
    };
    standbys_.push_back(std::make_unique<Standby>(loop_, std::move(actions)));
    source->stand_by(*standbys_.back());
    primary->be_stood_in_by(*standbys_.back());
  }
}

Sources::~Sources() = default;

void Sources::adopt(const Sources& before) {
  catalog_.continue_serial(before.catalog_);
  if (aws_ && before.aws_) aws_->adopt(*before.aws_);
  if (!(before.config_.zone == config_.zone)) return;
  for (std::size_t id = 0; id < config_.catalogs.size(); ++id) {
    for (std::size_t from = 0; from < before.config_.catalogs.size(); ++from) {
      if (!(before.config_.catalogs[from] == config_.catalogs[id])) continue;
      catalog_.adopt(static_cast<cache::SourceId>(id), before.catalog_,
                     static_cast<cache::SourceId>(from));
    }
  }
  for (const auto& source : asking_) source->adopt(catalog_.knowledge(source->id()).names);
  for (const auto& source : listing_) {
    for (const auto& known : before.listing_) {
      if (known->name() == source->name() && known->loaded_once()) source->adopt(*known);
    }
  }
}

void Sources::restore(const std::vector<cache::SourceKnowledge>& known) {
  const auto of = [&](cache::SourceId id) {
    const std::string identity = identity_of(config_, config_.catalogs[id]);
    const auto at = std::find_if(known.begin(), known.end(),
                                 [&](const auto& one) { return one.identity == identity; });
    return at != known.end() ? &*at : nullptr;
  };
  for (const auto& source : listing_) {
    if (const auto* its = of(source->id())) source->restore(*its);
  }
  for (const auto& source : asking_) {
    if (const auto* its = of(source->id())) source->restore(*this, *its);
  }
  if (!known.empty()) publish_from_now_on();
}

std::vector<cache::SourceKnowledge> Sources::knowledge() const {
  std::vector<cache::SourceKnowledge> all;
  for (std::size_t id = 0; id < config_.catalogs.size(); ++id) {
    all.push_back(catalog_.knowledge(static_cast<cache::SourceId>(id)));
    all.back().identity = identity_of(config_, config_.catalogs[id]);
  }
  return all;
}

void Sources::start() {
  for (const auto& source : listing_) source->begin();
  for (const auto& source : asking_) source->start();
  publish_from_now_on();
}

void Sources::publish_from_now_on() {
  started_ = true;
  publish();
}

SourceTools Sources::tools() {
  return {loop_,
          config_,
          [this]() -> net::HttpClient& { return http(); },
          [this]() -> upstream::AwsAccess& { return aws(); },
          daemon_id_,
          resolver_};
}

net::HttpClient& Sources::http() {
  if (!http_) http_ = std::make_unique<net::CurlClient>(loop_, resolver_);
  return *http_;
}

upstream::AwsAccess& Sources::aws() {
  if (!aws_) {
    aws_ = std::make_unique<upstream::AwsAccess>(upstream::AwsEnvironment::of_process(), http(),
                                                 loop_, dns::Random(net::KernelRandom().next64()));
  }
  return *aws_;
}

net::HttpClient& Sources::client_of(const conf::Catalog& catalog) {
  if (!catalog.sign) return http();
  if (!signed_http_)
    signed_http_ = std::make_unique<upstream::SignedHttp>(
        aws().api, "execute-api", upstream::aws_region("", aws().environment));
  return *signed_http_;
}

void Sources::publish() {
  if (started_) published_(catalog_.table(loop_.now()));
}

void Sources::consult(const CatalogName& name, std::function<void()> done) {
  const auto left = std::make_shared<std::size_t>(1);
  const auto one_done = [left, done = std::move(done)] {
    if (--*left == 0) done();
  };
  for (const auto& source : asking_) {
    const auto key = source->key_of(name);
    if (!key) continue;
    ++*left;
    source->asked().consult(*key, one_done);
  }
  one_done();
}

void Sources::refresh(const CatalogName& name) {
  for (const auto& source : asking_) {
    if (const auto key = source->key_of(name)) source->asked().refresh(*key);
  }
}

const std::vector<upstream::Origin>* Sources::origins(cache::SourceId id) const {
  const auto at = std::find_if(listing_.begin(), listing_.end(),
                               [&](const auto& source) { return source->id() == id; });
  return at != listing_.end() ? (*at)->origins() : nullptr;
}

dns::Milliseconds Sources::age(dns::Time since) const {
  return std::chrono::duration_cast<dns::Milliseconds>(loop_.now() - since);
}

SourceReport Sources::report_of(cache::SourceId id) const {
  SourceReport report;
  report.name = catalog_.info(id).name;
  report.names = catalog_.names(id);
  return report;
}

std::vector<SourceReport> Sources::reports() const {
  std::map<cache::SourceId, SourceReport> by_id;
  for (const auto& source : listing_) by_id[source->id()] = source->report();
  for (const auto& source : asking_) by_id[source->id()] = source->report(*this);
  std::vector<SourceReport> all;
  for (auto& [id, report] : by_id) all.push_back(std::move(report));
  return all;
}

std::vector<std::string> Sources::not_ready() const {
  std::vector<std::string> reasons;
  for (const std::string& name : not_in_effect_) {
    reasons.push_back("catalog " + name + ": its type is not yet in effect");
  }
  for (const auto& source : listing_) {
    if (source->loaded_once() || catalog_.info(source->id()).aside) continue;
    reasons.push_back("catalog " + source->name() + ": " +
                      (source->failure().empty() ? "not read yet" : source->failure()));
  }
  for (const auto& source : asking_) {
    if (source->answered_once()) continue;
    reasons.push_back("catalog " + source->name() + ": " +
                      (source->failure().empty() ? "has not answered yet" : source->failure()));
  }
  return reasons;
}

}  // namespace signpost
