// An asking source at work: what it says of a name goes into the catalog.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnsd/catalog_desk.h"
#include "dnsd/source_home.h"
#include "upstream/asked_names.h"

namespace signpost {

class Asking {
 public:
  /// Adds itself to the catalog; not started. `client` sends its requests. REQUIRES:
  /// `catalog.type` is http, and all outlive this.
  Asking(SourceHome& home, const conf::Catalog& catalog, net::HttpClient& client);

  /// Takes over the names that the catalog has by now. Before start().
  void adopt();
  /// Takes over what the last run knew: old until the source answers. Before start().
  void restore(const cache::KeptSource& kept);
  /// Fetches the configured names and keeps them fresh.
  void start() { asked_.start(configured_); }

  /// Nothing: this source knows no versions, and one is asked for.
  std::optional<upstream::LookupKey> key_of(const CatalogName& name) const;
  upstream::AskedNames& asked() { return asked_; }

  const std::string& name() const { return name_; }
  cache::SourceId id() const { return id_; }
  bool answered_once() const { return answered_once_ || (configured_.empty() && failure_.empty()); }
  /// Of the last look-up; empty: it went well.
  const std::string& failure() const { return failure_; }
  SourceReport report() const;

 private:
  void publish(const upstream::LookupKey& key, cache::AskedState state);

  SourceHome& home_;
  std::string name_;
  bool versions_;
  std::string default_version_;  // lower-case; empty: there are no versions
  cache::SourceId id_;
  std::vector<upstream::LookupKey> configured_;
  bool answered_once_ = false;
  std::optional<dns::Time> heard_;  // the last good word
  std::uint64_t failures_ = 0;
  std::string failure_;
  upstream::AskedNames asked_;  // last: it calls the rest
};

}  // namespace signpost
