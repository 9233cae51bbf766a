#include "dnsd/sources.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>

#include "dnsd/log.h"
#include "dnsd/net/curl_client.h"
#include "dnsd/net/kernel_random.h"
#include "upstream/aws_region.h"
#include "upstream/signed_http.h"

namespace signpost {
namespace {

using Type = conf::Catalog::Type;

/// Type and place: what a source may take for its own word after a restart.
std::string identity_of(const conf::Config& config, const conf::Catalog& catalog) {
  std::string identity = config.zone.name.to_text();
  for (const std::string& part :
       {std::to_string(static_cast<int>(catalog.type)), catalog.path, catalog.url, catalog.zone,
        catalog.endpoint, catalog.endpoints.front(), catalog.prefix,
        std::to_string(static_cast<int>(catalog.dialect)), catalog.default_version}) {
    identity += ' ' + part;
  }
  return identity;
}

/// One STS serves all: that of the first region that is configured.
upstream::AwsEnvironment environment_of(const conf::Config& config) {
  auto environment = upstream::AwsEnvironment::of_process();
  const auto named = std::find_if(config.catalogs.begin(), config.catalogs.end(),
                                  [](const auto& catalog) { return !catalog.region.empty(); });
  if (named != config.catalogs.end()) environment.set_region(named->region);
  return environment;
}

}  // namespace

Sources::Sources(net::Loop& loop, const conf::Config& config, net::HostResolver& resolver,
                 std::string daemon_id, std::function<void(cache::CatalogSnapshot)> published)
    : loop_(loop),
      config_(config),
      resolver_(resolver),
      daemon_id_(std::move(daemon_id)),
      published_(std::move(published)),
      catalog_(config.zone, config.health),
      home_{tools(), catalog_, [this] { publish(); }},
      probing_(std::make_unique<Probing>(loop, catalog_, resolver, [this] { publish(); })) {
  for (const conf::Catalog& catalog : config_.catalogs) {
    if (is_listing(catalog.type)) {
      listing_.push_back(std::make_unique<Listing>(home_, catalog));
    } else if (catalog.type == Type::http) {
      asking_.push_back(std::make_unique<Asking>(home_, catalog, client_of(catalog)));
    } else {
      // Its names may exist: until its type is in effect they are "not ready".
      catalog_.add_listing_source(catalog.name);
      not_in_effect_.push_back(catalog.name);
    }
  }
  pair_standbys();
}

std::string Sources::identity(cache::SourceId id) const {
  return identity_of(config_, config_.catalogs[id]);
}

Listing* Sources::listing_called(const std::string& name) {
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
    actions.hide = [show] { show(false); };
    actions.let_go = [source, say] {
      say("is no longer read");
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
  catalog_.adopt_health(before.catalog_);
  for (std::size_t id = 0; id < config_.catalogs.size(); ++id) {
    for (std::size_t from = 0; from < before.config_.catalogs.size(); ++from) {
      if (identity(static_cast<cache::SourceId>(id)) !=
          before.identity(static_cast<cache::SourceId>(from))) {
        continue;
      }
      catalog_.adopt(static_cast<cache::SourceId>(id), before.catalog_,
                     static_cast<cache::SourceId>(from));
      break;
    }
  }
  for (const auto& source : asking_) source->adopt();
  for (const auto& source : listing_) {
    for (const auto& known : before.listing_) {
      if (identity(source->id()) == before.identity(known->id())) source->adopt(*known);
    }
  }
}

void Sources::restore(KeptState state) {
  if (state.sources.empty()) return;
  const auto kept = begin_restore(state.sources);
  restorer_ = std::make_unique<Restorer>(home_, std::move(state), kept,
                                         [this](const auto& waiting) { restored(waiting); });
  started_ = true;
  restorer_->restore_slice();
  if (restorer_) publish();
}

/// What the listing sources had said; the asking ones have theirs back.
cache::Restoration::Kept Sources::begin_restore(const std::vector<cache::KeptSource>& kept) {
  const auto of = [&](cache::SourceId id) {
    const auto at = std::find_if(kept.begin(), kept.end(), [its = identity(id)](const auto& one) {
      return one.identity == its;
    });
    return at != kept.end() ? &*at : nullptr;
  };
  for (const auto& source : asking_) {
    if (const auto* its = of(source->id())) source->restore(*its);
  }
  cache::Restoration::Kept listed;
  for (const auto& source : listing_) {
    const auto* its = of(source->id());
    if (its == nullptr || !its->loaded) continue;
    source->begin_restore(*its);
    listed.emplace_back(source->id(), its);
  }
  return listed;
}

void Sources::restored(const std::vector<Restorer::Told>& waiting) {
  catalog_.end_restore();
  for (const auto& source : listing_) source->end_restore();
  for (const auto& source : listing_) {
    if (const Listing* primary = listing_called(source->primary())) source->restore_place(*primary);
  }
  publish();
  for (const auto& told : waiting) told();
  const auto begin = std::exchange(begin_, nullptr);
  restorer_.reset();
  if (begin) begin();
}

void Sources::when_restored(std::function<void()> begin) {
  if (!restorer_) return begin();
  begin_ = std::move(begin);
}

std::vector<cache::SourceKnowledge> Sources::knowledge() const {
  std::vector<cache::SourceKnowledge> all;
  for (std::size_t id = 0; id < config_.catalogs.size(); ++id) {
    all.push_back(catalog_.knowledge(static_cast<cache::SourceId>(id)));
    all.back().identity = identity(static_cast<cache::SourceId>(id));
  }
  return all;
}

void Sources::start() {
  for (const auto& source : listing_) source->begin();
  for (const auto& source : asking_) source->start();
  started_ = true;
  publish();
  malloc_trim(0);  // the first table is made of all names at once, after what was read is trimmed
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
    aws_ = std::make_unique<upstream::AwsAccess>(environment_of(config_), http(), loop_,
                                                 dns::Random(net::KernelRandom().next64()));
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
  if (!started_) return;
  const cache::CatalogSnapshot table = catalog_.table(loop_.now());
  published_(table);
  if (probing_) probing_->follow(*table);
}

void Sources::consult(const CatalogName& name, std::function<void()> done) {
  if (!restorer_) return consult_sources(name, std::move(done));
  if (restorer_->restore(name)) return done();
  restorer_->wait([this, name, done = std::move(done)] { consult_sources(name, done); });
}

void Sources::consult_sources(const CatalogName& name, std::function<void()> done) {
  if (name.service.empty()) return done();  // it was waited for, and is no source's to say
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

std::vector<SourceReport> Sources::reports() const {
  std::map<cache::SourceId, SourceReport> by_id;
  for (const auto& source : listing_) by_id[source->id()] = source->report();
  for (const auto& source : asking_) by_id[source->id()] = source->report();
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
