// The source `route53`: a hosted zone, read whole every `refresh` or so, with
// the health and the alias targets that its sets name.
//
// A reading that fails keeps the whole old zone; what the API says again is not built
// again. What must be known beside the sets comes when it comes, and only the
// first part waits for it, a little: addresses of alias targets.
//
// Control thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "conf/config.h"
#include "dnsd/dns/random.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/timers.h"
#include "upstream/catalog_source.h"
#include "upstream/kept_hosts.h"
#include "upstream/route53_catalog.h"
#include "upstream/route53_checks.h"
#include "upstream/route53_reader.h"
#include "upstream/route53_zone_finder.h"

namespace upstream {

// For how long the first part waits for the addresses of alias targets.
constexpr dns::Milliseconds kHostsPatience{3'000};

/// What a Route53Source works with. All of it must outlive it.
struct Route53Tools {
  AwsApi& aws;
  RequestBudget& budget;
  net::HostResolver& resolver;
  net::Timers& timers;
};

class Route53Source final : public ListingSource {
 public:
  /// REQUIRES: `catalog.type` is route53. `zone` is ours.
  Route53Source(const conf::Catalog& catalog, dns::Name zone, Route53Endpoint endpoint,
                Route53Tools tools, dns::Random random, CatalogSink& sink);
  ~Route53Source() override;
  Route53Source(const Route53Source&) = delete;
  Route53Source& operator=(const Route53Source&) = delete;

  void start() override;
  /// The next reading is told whole, though it be the same: it counts as seen again.
  void read_again() override { is_held_ = true; }
  /// Until three refreshes after the last good reading, or three times as long as that
  /// took where it is more.
  Freshness freshness() const override;
  SourceCounters counters() const override { return api_.counters(); }

 private:
  void read();
  void found(const Route53ZoneFinder::Outcome& outcome);
  void read_sets();
  void heard(Route53Reader::Outcome outcome);
  void took(Route53Listing listing);
  void failed(const Route53Failure& failure);
  void read_again_after(dns::Milliseconds delay);
  void want_what_sets_name();
  void hosts_changed();
  void checks_changed();
  void publish();
  void publish_details();
  std::optional<cache::CatalogPart> make_part();
  void say_left_out(const std::vector<std::string>& left_out);

  const dns::Milliseconds refresh_;
  const std::string wanted_zone_;  // name or id
  const dns::Name zone_;
  CatalogSink& sink_;
  net::Timers& timers_;
  dns::Random random_;
  Route53Api api_;
  Route53ZoneFinder finder_;
  Route53Reader reader_;
  KeptHosts hosts_;
  Route53Checks checks_;

  Route53Known known_;  // its zone_id is empty until the zone is found
  Route53Sets sets_;
  std::vector<std::string> sets_left_out_;
  bool is_read_ = false;       // once at least
  bool is_published_ = false;  // likewise
  bool is_held_ = false;       // the sink holds back what was published
  bool is_gathering_ = false;  // hosts may answer while they are asked for
  std::string failure_;        // as it was said last; empty: it went well
  std::string left_out_;       // likewise
  unsigned failures_ = 0;      // in a row
  dns::Time began_{};          // the last reading
  dns::Time read_at_{};        // the last good one ended
  dns::Milliseconds took_{0};  // likewise, from its begin on
  net::TimerId again_ = 0;
  net::TimerId patience_ = 0;
};

}  // namespace upstream
