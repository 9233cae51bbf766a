// The source `etcd`: all keys below the zone are read once, then watched.
//
// A connection that is lost is taken up again where it stopped, at the next
// endpoint; only what etcd no longer knows (compacted, restored) is read anew. What was
// read stays until then. All endpoints in vain: said, then tried again after a while. What
// was read is old 5 s after etcd's last sign of life, whatever is being tried then.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conf/config.h"
#include "dnsd/dns/random.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/timers.h"
#include "upstream/catalog_source.h"
#include "upstream/etcd_client.h"
#include "upstream/etcd_listing.h"
#include "upstream/etcd_watch.h"
#include "upstream/log_pace.h"
#include "upstream/skydns_key.h"
#include "upstream/skydns_tree.h"

namespace upstream {

// A watched source's data is old when its connection was lost for so long (zone.md).
constexpr dns::Milliseconds kEtcdStaleAfter{5'000};
// Changes within so short a time are published together: a roll-out of thousands
// must not cost a table each.
constexpr dns::Milliseconds kEtcdGather{20};

// What was loaded and is held back is read again so soon.
constexpr dns::Milliseconds kEtcdReread{5'000};

class EtcdSource final : public ListingSource {
 public:
  /// REQUIRES: `catalog.type` is etcd. All must outlive the source, and the sink
  /// must not destroy it while it is told.
  EtcdSource(const conf::Catalog& catalog, const dns::Name& zone, net::HttpClient& http,
             net::Timers& timers, dns::Random random, CatalogSink& sink);
  ~EtcdSource() override;

  void start() override { list(); }
  /// In a while: a mass change is believed when it was seen three times.
  void read_again() override;
  Freshness freshness() const override { return {.after_word = {}, .after_failure = until_old()}; }
  SourceCounters counters() const override { return {client_.requests(), 0}; }
  /// Keys passed over since the start, since their value or name made no sense.
  std::uint64_t bad_keys() const { return bad_keys_; }

 private:
  void list();
  void take_list(dns::Result<EtcdListing::Listed> listed);
  void watch();
  void stand();
  void change(const std::vector<EtcdEvent>& events);
  void publish_soon();
  void publish();
  void watch_over(EtcdWatch::End how, const std::string& why);
  void list_anew(const std::string& why);
  void lose(const std::string& why);
  dns::Milliseconds until_old() const;
  void fail(const std::string& why);
  void say(const std::string& why);
  void again_after(dns::Milliseconds delay);
  void complain(const std::string& sentence);
  void say_left_out();

  std::string name_;  // for the log
  SkydnsRange range_;
  net::Timers& timers_;
  dns::Random random_;
  CatalogSink& sink_;
  EtcdClient client_;

  SkydnsTree tree_;
  EtcdHeader reached_;             // what the tree has; revision 0: it must be listed
  std::set<std::string> touched_;  // services changed since publish()
  dns::Time published_{};
  net::TimerId publish_timer_ = 0;

  std::vector<std::string> failed_;  // of this round of endpoints, why each
  std::size_t tried_ = 0;            // of them
  unsigned rounds_ = 0;              // in vain, in a row
  unsigned listings_ = 0;            // in a row, without a watch that stood for long
  dns::Time listed_{};
  std::optional<dns::Time> stood_;  // since when the watch stands
  std::string said_;                // the failure as last told; empty: none
  dns::Time alive_{};               // etcd's last sign of life, as far as no watch knows it
  net::TimerId lost_ = 0;           // to say that it is
  net::TimerId again_ = 0;          // to list or to watch
  net::TimerId reread_ = 0;

  LogPace pace_;
  std::uint64_t bad_keys_ = 0;
  std::unique_ptr<EtcdListing> listing_;
  std::unique_ptr<EtcdWatch> watch_;
};

}  // namespace upstream
