// The probes of the configuration at work: the prober is told of every service of the catalog that
// is probed, what it sees goes into the catalog, and a new table is published where that changes an
// answer.
//
// Control thread only.
#pragma once

#include <functional>
#include <memory>

#include "cache/catalog.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/loop.h"
#include "upstream/network_probes.h"
#include "upstream/prober.h"

namespace signpost {

class Probing {
 public:
  /// `publish` makes a new table. REQUIRES: all of them outlive this.
  Probing(net::Loop& loop, cache::Catalog& catalog, net::HostResolver& resolver,
          std::function<void()> publish);
  ~Probing();

  /// `table` is out, and of it the names catalog.made() are new.
  void follow(const cache::CatalogTable& table);

  upstream::ProberFigures figures() const { return prober_.figures(); }

 private:
  void follow(const cache::CatalogTable& table, const std::string& owner);
  void seen(const std::string& owner, const std::string& instance,
            const cache::ProbeResult& result);
  void tell_news();
  void publish_at(dns::Time when);

  net::Loop& loop_;
  cache::Catalog& catalog_;
  std::function<void()> publish_;
  std::unique_ptr<net::HttpClient>
      http_;  // of its own: probes must not push out catalogs' connections
  upstream::NetworkProbes network_;
  upstream::Prober prober_;
  net::TimerId timer_ = 0;
  dns::Time timer_at_ = dns::Time::max();
  dns::Time earliest_;  // of the next table; max while one is made
};

}  // namespace signpost
