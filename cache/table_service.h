// Makes one service of the catalog table from what the sources tell of it.
//
// Pure. Where weights by health come in: each instance's factor is that of its verdict
// (cache/health.h).
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cache/catalog_table.h"
#include "cache/health_book.h"
#include "conf/config.h"

namespace cache {

/// One source's word on a service, in the order of the configuration.
struct ToldService {
  SourceId source = 0;
  std::shared_ptr<const Service> service;
  bool listed = false;                    // by a listing source
  dns::Time heard;                        // how old its word on health is
  dns::Time old_from = dns::Time::max();  // when that begins to age
  bool was_heard = false;                 // the source had been read before
};

class TableServiceBuilder {
 public:
  /// `before` is the service in the last table (null: new): an instance whose
  /// status did not change keeps its `since`. `owner` is its name in `health`.
  TableServiceBuilder(std::string name, const conf::Zone& zone, HealthBook& health,
                      const std::string& owner, const TableService* before, dns::Time now);

  /// Instances of the same host, port and version count once; the first
  /// source to tell one describes it.
  void add(const ToldService& told);
  void add(AskedVersion asked) { service_.asked.push_back(std::move(asked)); }

  /// Draws the views. The builder is spent.
  std::shared_ptr<const TableService> build();

 private:
  void index_places();
  bool told_by_another(const Instance& instance, SourceId source) const;
  void add_instance(const Instance& instance, const ToldService& told);
  void judge(TableInstance& instance, const ToldService& told);
  bool joined(const Instance& instance, const ToldService& told) const;
  dns::Time since(const Instance& instance) const;
  std::vector<std::uint32_t> serving(View& view) const;
  View make_view(const std::string& version) const;
  void choose_candidates(View& view) const;
  void append_srv(View& view, Candidate& candidate) const;
  void append_address(View& view, Candidate& candidate) const;
  void lay_out_targets();
  std::uint32_t ttl() const;

  const conf::Zone& zone_;
  const HealthBook& health_;
  const conf::Probe* probe_;  // that watches it; null: none
  HealthBook::Reading reading_;
  const TableService* before_;
  dns::Time now_;
  TableService service_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_place_;  // host and port
  std::size_t placed_ = 0;                  // instances in `by_place_`: those of earlier words
  std::string targets_;                     // of all instances, until build() lays them out
  std::vector<std::uint8_t> target_sizes_;  // of each of them
  std::unordered_map<std::string, const TableInstance*> before_by_id_;
};

}  // namespace cache
