// All that the sources know, and the making of catalog tables from it.
//
// Holds each source's last good part. A change rebuilds only the services and
// names that it touches; every other shard is shared with the table before.
//
// Control thread only. The tables it makes are for any thread.
#pragma once

#include <map>
#include <memory>
#include <memory_resource>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cache/catalog_table.h"
#include "cache/health_book.h"
#include "cache/snapshot_format.h"
#include "conf/config.h"

namespace cache {

class Catalog {
 public:
  explicit Catalog(conf::Zone zone, conf::Health health = {})
      : zone_(std::move(zone)), zone_text_(zone_.name.to_text()), health_(std::move(health)) {}

  /// Sources in the order of the configuration: the first that has an instance
  /// describes it.
  SourceId add_listing_source(std::string name);
  /// An asking source whose names have versions, or, with nothing, have none.
  SourceId add_asking_source(std::string name, std::optional<std::string> default_version);

  /// The next table's serial follows that of `other`'s last. Before the first table.
  void continue_serial(const Catalog& other);
  /// Takes over what is known of instances' health. REQUIRES: both have the same zone.
  void adopt_health(const Catalog& other) { health_.adopt(other.health_); }
  /// Takes over what `other` knows of its source `from`, for `source`: after a
  /// reload nothing is forgotten. REQUIRES: both have the same zone.
  void adopt(SourceId source, const Catalog& other, SourceId from);

  /// A listing source was read in the last run, at `loaded_at`: restore() will tell what it said
  /// name by name. Until end_restore() the source counts as not loaded.
  void begin_restore(SourceId source, dns::Time loaded_at);
  void restore(SourceId source, Service service);
  void restore(SourceId source, Record record);
  /// All sources are restored that began.
  void end_restore();

  /// Replaces all that a listing source knows.
  void set_part(SourceId source, CatalogPart part, dns::Time now);
  /// Replaces some services of a listing source.
  void change_services(SourceId source, CatalogDelta delta, dns::Time now);
  /// From `when` on what a listing source said is old; it is until that is set anew.
  void set_old_from(SourceId source, dns::Time when);
  /// What a listing source said stands, and is of now.
  void confirm(SourceId source, dns::Time now);
  /// The last refresh of a listing source failed: the part stays.
  void set_failure(SourceId source, std::string why);
  /// Leaves a listing source out of the table, or takes it back; what it said is kept. Nobody
  /// waits for one that is left out.
  void set_aside(SourceId source, bool aside);
  /// Forgets what a listing source said, as if it had never been read.
  void forget(SourceId source);
  /// What an asking source said of one service and version. A state without
  /// service, absence or failure forgets the name.
  void set_asked(SourceId source, const std::string& service, const std::string& version,
                 AskedState state);

  /// How `source` does.
  const SourceInfo& info(SourceId source) const { return sources_[source].info; }
  /// Names with services or records that `source` knows.
  std::size_t names(SourceId source) const;
  /// All that `source` said; its identity is left to the caller.
  SourceKnowledge knowledge(SourceId source) const;

  /// What a probe saw of an instance (instance_key()) of the service at `owner`. True: the next
  /// table is another, and wanted now.
  bool probed(const std::string& owner, const std::string& instance, const ProbeResult& result,
              dns::Time now);
  /// When some health changes by itself; then table() is wanted.
  dns::Time next_due() const { return health_.next_due(); }
  /// The probe that watches a service; null: none.
  const conf::Probe* probe_of(std::string_view service) const { return health_.probe_of(service); }
  /// Names that table() made anew or took out since the last call, wire form.
  std::vector<std::string> made() { return std::exchange(made_, {}); }
  /// What became of the health of services since the last call, a sentence each.
  std::vector<std::string> news() { return std::exchange(news_, {}); }

  /// The table of all that was set; the same one while nothing changed.
  CatalogSnapshot table(dns::Time now);

 private:
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const {
      return dns::hash_name(name, dns::hash_seed());
    }
  };
  /// By name, wire form.
  template <typename Value>
  using ByName = std::unordered_map<std::string, Value, NameHash, std::equal_to<>>;
  using Told = std::shared_ptr<const Service>;
  using Records = std::vector<Record>;
  using AskedKey = std::pair<SourceId, std::string>;  // source and version

  struct Source {
    SourceInfo info;
    bool restoring = false;
    ByName<Told> services;
    ByName<Records> records;

    /// What of it is in the table; null: nothing.
    const Records* records_of(const std::string& owner) const {
      const auto here = info.aside ? records.end() : records.find(owner);
      return here != records.end() ? &here->second : nullptr;
    }
    Told service_of(const std::string& owner) const {
      const auto here = info.aside ? services.end() : services.find(owner);
      return here != services.end() ? here->second : nullptr;
    }
    bool awaited() const { return !info.loaded && !info.aside; }
  };
  struct Asked {
    AskedState state;
    Told told;  // the state's service
  };

  /// New nodes by owner; null: the name is gone.
  // In one room until the table stands: small pieces between its parts would leave holes there.
  using NodeChanges = std::pmr::map<std::pmr::string, std::shared_ptr<const Node>, std::less<>>;

  static void keep_last_good(const std::map<AskedKey, Asked>& versions, const AskedKey& key,
                             AskedState& state);
  void touch(const std::string& owner);
  std::string owner_of(std::string_view service) const;
  std::string relative_text(dns::NameView owner) const;
  void replace_services(Source& source, std::vector<Service> services);
  void replace_service(Source& source, const std::string& owner, Service service);
  void replace_records(Source& source, std::vector<Record> records);
  template <typename Value, typename Other>
  void forget_others(ByName<Value>& all, const ByName<Other>& but);

  std::shared_ptr<const Node> make_node(const std::string& owner, dns::Time now);
  std::shared_ptr<const TableService> make_service(const std::string& owner,
                                                   const TableService* before, dns::Time now);
  bool was_heard(SourceId id, dns::Time now) const;
  void note_turns(const TableService* before, const TableService& after);
  std::vector<RecordSet> make_records(const std::string& owner) const;

  NodeChanges make_changed(dns::Time now, std::pmr::memory_resource& room);
  void count_below(const std::string& owner, int change);
  static void replace_nodes(CatalogTable& next, const NodeChanges& nodes);
  static CatalogTable::NameShard make_shard(std::vector<CatalogTable::Slot> taken);
  static void count_node(CatalogTable& next, const Node& node, int sign);

  conf::Zone zone_;
  std::string zone_text_;
  std::vector<Source> sources_;
  ByName<std::map<AskedKey, Asked>> asked_;
  ByName<std::uint32_t> below_;  // how many names stand under this one
  std::unordered_set<std::string, NameHash, std::equal_to<>> changed_;  // to be made again
  bool dirty_ = true;
  bool restoring_ = false;
  HealthBook health_;
  std::vector<std::string> made_;
  std::vector<std::string> news_;
  CatalogSnapshot last_ = std::make_shared<const CatalogTable>();
};

}  // namespace cache
