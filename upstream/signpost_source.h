// The source `signpost`: another daemon's whole table, by long poll of its control
// port. However many daemons read one relay, the catalogs behind it see one reader.
//
// The document is read whole, or, while the relay remembers what was known, what changed of it;
// what reaches the catalog is what changed. What came by way of this daemon itself is left out, so
// that two that read each other keep nothing alive. While a source of the relay has not loaded, as
// after its restart, nothing is taken away that came from that source, and what the others tell is
// taken; while one is old there, all is old here.
//
// Control thread only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/name.h"
#include "dnsd/dns/random.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/timers.h"
#include "upstream/catalog_source.h"
#include "upstream/relay_document.h"
#include "upstream/relayed_origins.h"
#include "upstream/relayed_services.h"

namespace upstream {

// How long the relay is asked to wait for a change. A relay that hangs is noticed after
// this and the slack; one whose host is gone, by probes of the connection, sooner.
constexpr dns::Milliseconds kRelayWait{10'000};
constexpr dns::Milliseconds kRelaySlack{5'000};
// Between two requests, so that a catalog that changes all the time is read ten times a second.
constexpr dns::Milliseconds kRelayPause{100};
// As much as this, unpacked, is some 300,000 instances.
constexpr std::size_t kMaxRelayDocument = std::size_t{64} << 20;
// Without a connection for so long, what the relay said is old (zone.md).
constexpr dns::Milliseconds kRelayLost{5'000};

// What A-IM and IM name changes alone with, and the status of a reply that has them (RFC 3229,
// 10.4.1: IM Used).
constexpr std::string_view kRelayChanges = "signpost";
constexpr int kRelayChangesStatus = 226;

class SignpostSource final : public ListingSource {
 public:
  struct Place {
    std::string url;  // of the relay's control port
    dns::Name zone;
    std::string own_id;  // this daemon's, as it stands in `via`
  };

  /// All must outlive the source, and the sink must not destroy it while it is told.
  SignpostSource(Place place, net::HttpClient& client, net::Timers& timers, dns::Random random,
                 CatalogSink& sink);
  ~SignpostSource() override;
  SignpostSource(const SignpostSource&) = delete;
  SignpostSource& operator=(const SignpostSource&) = delete;

  void start() override { poll(); }
  Freshness freshness() const override;
  SourceCounters counters() const override { return counters_; }
  bool reached() const override { return reached_; }
  const std::vector<Origin>* origins() const override { return &origins_.list(); }

 private:
  void poll();
  void poll_after(dns::Milliseconds pause);
  void take(const net::HttpOutcome& outcome);
  void take_unchanged(const std::string& relay_id);
  void take_document(const net::HttpReply& reply);
  void take_changes(const net::HttpReply& reply);
  dns::Result<dns::Done> take_sources(const std::vector<RelayedSource>& sources,
                                      const net::HttpReply& reply);
  bool keep_unloaded(cache::CatalogPart& part);
  bool takes_changes() const;
  void cannot_take_changes(const std::string& why);
  void tell(cache::CatalogPart part);
  void tell_changes(RelayDocument document);
  void tell_delta(cache::CatalogDelta delta);
  void tell_state();
  void note_told();
  std::string trouble() const;
  void back();
  void away(const std::string& kind, const std::string& why);

  Place place_;
  std::string documents_url_;
  net::HttpClient& client_;
  net::Timers& timers_;
  dns::Random random_;
  CatalogSink& sink_;
  net::HttpRequestId asked_ = 0;
  net::TimerId again_ = 0;
  dns::Time asked_at_;
  SourceCounters counters_;

  std::string tag_;             // of the content that is known; empty: none
  std::string relay_id_;        // of who told it
  std::string no_changes_;      // the id of a relay whose changes cannot be taken
  bool asked_changes_ = false;  // in the request that is on its way
  RelayedOrigins origins_;
  RelayedServices services_;
  bool heard_ = false;    // what the sink knows has the origins' numbers of here
  bool loaded_ = false;   // the sink has heard a whole part
  bool reached_ = false;  // the relay, at the last try
  std::string told_;      // the kind of failure that the sink heard last; empty: all is good
  std::vector<Origin> told_origins_;  // as they stood then
  unsigned failures_ = 0;             // to reach the relay, in a row
};

}  // namespace upstream
