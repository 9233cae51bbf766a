// The sources of the configuration at work: what they say goes into the
// catalog, and a new table is published.
//
// Control thread only, but for what `Published` hands on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cache/catalog.h"
#include "conf/config.h"
#include "dnsd/asking.h"
#include "dnsd/catalog_desk.h"
#include "dnsd/control/figures.h"
#include "dnsd/listing.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/loop.h"
#include "dnsd/probing.h"
#include "dnsd/restorer.h"
#include "dnsd/source_home.h"
#include "dnsd/source_maker.h"
#include "dnsd/standby.h"
#include "upstream/aws_access.h"
#include "upstream/catalog_source.h"

namespace signpost {

class Sources {
 public:
  /// `published` is called with each new table. `resolver` looks up the hosts of
  /// HTTP catalogs. REQUIRES: they outlive this. `daemon_id` is ours, for relays.
  Sources(net::Loop& loop, const conf::Config& config, net::HostResolver& resolver,
          std::string daemon_id, std::function<void(cache::CatalogSnapshot)> published);
  ~Sources();

  /// Takes over what `before` knows from the sources that both have, so that a
  /// reload forgets nothing. Before start().
  void adopt(const Sources& before);

  /// Takes over what the last run knew, and publishes it: stale until the sources answer. Of
  /// much of it a slice and what clients ask for, and the rest while the loop runs. Before start().
  void restore(KeptState state);
  /// Calls `begin` when all of that is there, which may be now.
  void when_restored(std::function<void()> begin);
  /// What is not there yet, at once: before adopt(), by others, and before knowledge().
  void restore_rest() {
    if (restorer_) restorer_->finish();
  }
  /// All that the sources said, for the state file.
  std::vector<cache::SourceKnowledge> knowledge() const;

  /// Publishes nothing any more, and probes nobody; who waits is still answered.
  void fall_silent() {
    published_ = [](const cache::CatalogSnapshot&) {};
    probing_.reset();
  }

  /// Reads files at once; asks for what is configured to be kept fresh. The first
  /// table, unless one was restored, is published when every file was tried.
  void start();

  /// Asks every asking source that may have the name. `done` is called once,
  /// after the table that has what came of it was published.
  void consult(const CatalogName& name, std::function<void()> done);
  void refresh(const CatalogName& name);

  /// As ListingSource::origins() of that source.
  const std::vector<upstream::Origin>* origins(cache::SourceId source) const;

  /// How each source does, in the order of the configuration.
  std::vector<SourceReport> reports() const;
  /// What the probes did.
  upstream::ProberFigures probes() const { return probing_->figures(); }
  /// Why we are not ready, a line each: sources that have not answered yet.
  std::vector<std::string> not_ready() const;

 private:
  std::string identity(cache::SourceId id) const;
  cache::Restoration::Kept begin_restore(const std::vector<cache::KeptSource>& kept);
  void restored(const std::vector<Restorer::Told>& waiting);
  void consult_sources(const CatalogName& name, std::function<void()> done);
  void pair_standbys();
  Listing* listing_called(const std::string& name);
  void publish();
  SourceTools tools();
  net::HttpClient& http();
  upstream::AwsAccess& aws();
  net::HttpClient& client_of(const conf::Catalog& catalog);

  net::Loop& loop_;
  conf::Config config_;
  net::HostResolver& resolver_;
  std::string daemon_id_;
  std::function<void(cache::CatalogSnapshot)> published_;
  cache::Catalog catalog_;
  SourceHome home_;
  bool started_ = false;
  std::unique_ptr<net::HttpClient> http_;         // made when first needed
  std::unique_ptr<upstream::AwsAccess> aws_;      // likewise
  std::unique_ptr<net::HttpClient> signed_http_;  // likewise; for catalogs that want signatures
  std::vector<std::unique_ptr<Listing>> listing_;
  std::vector<std::unique_ptr<Asking>> asking_;
  std::vector<std::unique_ptr<Standby>> standbys_;
  std::unique_ptr<Probing> probing_;        // null once silent
  std::unique_ptr<Restorer> restorer_;      // null: all is restored
  std::function<void()> begin_;             // when it is; empty: nothing to do then
  std::vector<std::string> not_in_effect_;  // catalogs of types that are not there yet, by name
};

}  // namespace signpost
