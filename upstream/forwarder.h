// Asks several servers until one answers: picks whom first, goes on to the next
// on silence or a bad answer, within one budget for each query.
//
// Silence does not end a try: the next server is asked as well, and whoever
// answers first, wins. So a slow answer is not lost, and its time is learned. No
// server is asked more than three times for one query.
//
// A server that is passed over is found again by copies of clients' queries, sent
// beside the try, so that no client waits for it. With `hedge`, a try that takes
// longer than 95 of 100 answers of its server is joined by one of the next server.
//
// Loop thread only: each worker has its own.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "dnsd/dns/random.h"
#include "upstream/answer.h"
#include "upstream/deadlines.h"
#include "upstream/forward_rules.h"
#include "upstream/hedge_budget.h"
#include "upstream/in_flight.h"
#include "upstream/log_pace.h"
#include "upstream/loop_prober.h"
#include "upstream/loop_watch.h"
#include "upstream/pick.h"
#include "upstream/try_line.h"

namespace upstream {

// One client query has this long, under the 5 s after which stubs ask again.
constexpr dns::Milliseconds kQueryBudget{4500};
constexpr std::size_t kQueriesInFlightMost = 4096;

/// Whom to ask.
struct Upstreams {
  std::vector<conf::Upstream> servers;  // for names that no zone covers
  std::vector<conf::ForwardZone> zones;
  conf::Forward::Policy policy = conf::Forward::Policy::fastest;
  bool hedge = false;
};

/// Since the start.
struct ForwarderCounters {
  std::uint64_t queries = 0;
  std::uint64_t tries = 0;
  std::uint64_t timeouts = 0;     // tries after which the next server was asked as well
  std::uint64_t bad_answers = 0;  // SERVFAIL, REFUSED, malformed and the like
  std::uint64_t unreachable = 0;
  std::uint64_t failed = 0;  // queries that nobody answered
  std::uint64_t shed = 0;    // queries given up for newer ones
  std::uint64_t probes = 0;  // copies to servers that are passed over
  std::uint64_t hedged = 0;  // queries that a second server was asked for early
  std::uint64_t hedge_wins = 0;
};

struct ForgeryCounters {
  std::uint64_t mismatches = 0;   // of ID, port, question or case
  std::uint64_t wrong_cases = 0;  // of these, right but for the case
};

class Forwarder {
 public:
  /// REQUIRES: `network` and `timers` outlive this. `seed` is for the order of
  /// servers alone; IDs and ports come from `network`.
  Forwarder(net::Network& network, net::Timers& timers, std::uint64_t seed,
            std::size_t queries_most = kQueriesInFlightMost);
  /// Queries in flight are forgotten: nobody hears of them.
  ~Forwarder();
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  /// From now on asks these. Servers that stay keep their measurements, and
  /// queries in flight end as they began. On error nothing changes.
  dns::Result<dns::Done> set_upstreams(const Upstreams& upstreams);

  /// From now on leaves out the servers that `watch` knows to lead back here; and
  /// finds out which do, if `probe`: one forwarder of the process does it for all.
  /// REQUIRES: `watch` outlives this.
  void watch_loops(LoopWatch& watch, bool probe);

  /// Calls `done` exactly once, never before ask() returns: with a checked answer
  /// (NOERROR or NXDOMAIN), or with what to tell the client instead: 22 when
  /// servers stayed silent or answered badly, 23 when none could be reached.
  /// `done` may ask again; it may not destroy the forwarder.
  void ask(const dns::Question& question, bool dnssec_ok, bool checking_disabled,
           const AnswerDone& done);

  /// Whether nobody is known to answer for `name` now: every server of its group was
  /// passed over and has not answered since, or there is none. One that is asked all
  /// the same may be back.
  bool is_down(dns::NameView name) const;

  std::size_t in_flight() const { return in_flight_.size(); }
  const ForwarderCounters& counters() const { return counters_; }
  /// Replies over UDP that answered nothing (RFC 5452), of the servers that are asked now.
  ForgeryCounters forgeries() const;
  /// `tell` is called when a server that was passed over answers again.
  void when_back(std::function<void()> tell) { tell_back_ = std::move(tell); }
  /// Every server that is asked, each once, with its health.
  const ServerGroup& servers() const { return servers_; }
  /// The names of the servers for `name`, in the order of the configuration.
  std::vector<std::string> servers_for(dns::NameView name) const;

 private:
  struct Waiting {
    UpstreamQuery query;
    AnswerDone done;
    dns::Time began;
    dns::Time deadline;
    dns::Time asked{};                      // when the latest try began
    dns::Time next_try{};                   // when to stop waiting for the latest alone
    dns::Time hedge_at = dns::Time::max();  // when it is unusually late
    ServerGroupRef group;
    TryLine line;                   // of indices into `group`
    Server* latest = nullptr;       // null: all were asked, or nobody yet
    const Server* hedge = nullptr;  // who was asked early
    bool reached = false;           // some server was there
    std::string why{};              // what came of each try so far
  };
  ServerGroupRef make_group(const std::vector<conf::Upstream>& upstreams, ServerGroup& known);
  void let_go_of_retired();

  void learn_of_loops();
  TryLine pick(const ServerGroup& group);
  void try_next(FlightId id);
  void begin_try(FlightId id, Server& server);
  void plan_hedge(FlightId id, const Server& server);
  void hedge(FlightId id);
  void probe_paused(FlightId id);
  void send(FlightId id, Server& server, dns::Time deadline);
  void due(FlightId id);
  void heard(Server& server, FlightId id, const ServerReply& reply);
  bool may_be_restarting(const Server& server, const ServerReply& reply) const;
  void learn(Server& server, dns::Time began, const ServerReply& reply);
  void probe_later();
  void probe_alone(Server& server);
  void failed(Server& server, dns::Time asked, bool timeout);
  static void log_loop(const Server& server, LoopProber::News news);
  void log_news(const Server& server, ServerHealth::News news);
  void give_up(FlightId id);
  void pass_over_silent(const Waiting& waiting);
  void finish(FlightId id, const Answer& answer);

  net::Network& network_;
  net::Timers& timers_;
  dns::Random random_;
  std::size_t queries_most_;
  conf::Forward::Policy policy_ = conf::Forward::Policy::fastest;
  bool hedging_ = false;
  HedgeBudget hedge_budget_;
  std::array<Candidate, kServersMost> candidates_;  // of the latest pick()
  ForwarderCounters counters_;
  LogPace log_pace_;
  InFlight<Waiting> in_flight_;
  Deadlines deadlines_;
  LoopWatch* loop_watch_ = nullptr;  // null: nobody looks for loops
  std::uint64_t loops_known_ = 0;    // its version
  std::unique_ptr<LoopProber> loop_prober_;
  std::function<void()> tell_back_;
  net::TimerId probe_timer_ = 0;
  net::TimerId retire_timer_ = 0;
  ForwardRules rules_;
  ServerGroup retired_;  // until their last try is heard of
  ServerGroup servers_;
};

}  // namespace upstream
