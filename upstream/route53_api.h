// Asks Route 53's API for one page at a time, within the account's budget. What
// a second try can mend is tried again: throttling (after a rest of everybody), a
// server error and a reply that broke off.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "dnsd/dns/random.h"
#include "dnsd/net/timers.h"
#include "upstream/aws_api.h"
#include "upstream/catalog_source.h"
#include "upstream/request_budget.h"
#include "upstream/route53_endpoint.h"

namespace upstream {

// A page of 300 sets is some hundred KiB; with 400 values a set it could be more.
constexpr std::size_t kRoute53PageLimit = std::size_t{16} << 20U;
constexpr dns::Milliseconds kRoute53Timeout{10'000};
// Tries of one page.
constexpr unsigned kThrottledTries = 6;
constexpr unsigned kBrokenTries = 3;

struct Route53Call {
  std::string action;    // `ListResourceRecordSets`: what a policy must allow ...
  std::string resource;  // ... and on what: an ARN, or `*`
  std::string path;      // behind the API's version
  std::vector<std::pair<std::string, std::string>> query;
};

struct Route53Failure {
  std::string why;       // what to do about it, where that is known
  std::string code;      // `NoSuchHostedZone`; empty: none was said
  bool lasting = false;  // to ask again soon is no use
};
using Route53Outcome = std::variant<std::string, Route53Failure>;  // the body, or why not

class Route53Api {
 public:
  using Done = std::function<void(Route53Outcome)>;
  using CallId = std::uint64_t;  // 0 is none

  /// All must outlive this.
  Route53Api(Route53Endpoint endpoint, AwsApi& aws, RequestBudget& budget, net::Timers& timers,
             dns::Random random)
      : endpoint_(std::move(endpoint)),
        aws_(aws),
        budget_(budget),
        timers_(timers),
        random_(random) {}
  ~Route53Api();
  Route53Api(const Route53Api&) = delete;
  Route53Api& operator=(const Route53Api&) = delete;

  /// `done` is called exactly once, never before get() returns, and not at all once
  /// cancelled or once this is destroyed.
  CallId get(Route53Call call, Done done);
  /// Forgets a call. One that is done, or 0, is nothing to forget.
  void cancel(CallId id);

  const Route53Endpoint& endpoint() const { return endpoint_; }
  const SourceCounters& counters() const { return counters_; }

 private:
  struct Pending {
    Route53Call call;
    Done done;
    unsigned throttled = 0;  // tries that ended so
    unsigned broken = 0;
    bool is_paid = false;  // the next try, out of the budget
    RequestBudget::Ticket ticket = 0;
    AwsCallId request = 0;
    net::TimerId timer = 0;
  };

  void queue(CallId id);
  void send(CallId id);
  void tried(CallId id);
  void answered(CallId id, const net::HttpOutcome& outcome);
  void answered(CallId id, const net::HttpReply& reply);
  void try_again_later(CallId id);
  void finish(CallId id, Route53Outcome outcome);

  Route53Endpoint endpoint_;
  AwsApi& aws_;
  RequestBudget& budget_;
  net::Timers& timers_;
  dns::Random random_;
  SourceCounters counters_;
  CallId last_ = 0;
  std::map<CallId, Pending> pending_;
};

}  // namespace upstream
