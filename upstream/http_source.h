// Asks an HTTP catalog for one service at a time: a GET of http_lookup_url, read
// by read_http_catalog_reply.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "conf/config.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/timers.h"
#include "upstream/catalog_source.h"

namespace upstream {

class HttpSource final : public AskingSource {
 public:
  /// REQUIRES: `catalog.type` is http. `client` and `timers` must outlive the source.
  HttpSource(conf::Catalog catalog, net::HttpClient& client, net::Timers& timers)
      : catalog_(std::move(catalog)), client_(client), timers_(timers) {}
  ~HttpSource() override;
  HttpSource(const HttpSource&) = delete;
  HttpSource& operator=(const HttpSource&) = delete;

  /// A name that may not be sent is `Absent`.
  void ask(const LookupKey& key, Done done) override;
  SourceCounters counters() const override { return counters_; }

 private:
  void answer_absent(Done done);
  void fetch(const std::string& url, const LookupKey& key, Done done);
  LookupOutcome read(const net::HttpOutcome& outcome, const LookupKey& key);

  conf::Catalog catalog_;
  net::HttpClient& client_;
  net::Timers& timers_;
  SourceCounters counters_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, net::HttpRequestId> requests_;  // in flight
  std::map<std::uint64_t, net::TimerId> absences_;        // to be said
};

}  // namespace upstream
