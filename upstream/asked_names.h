// What is known of the names that an asking source was asked for: one fetch for
// many askers, kept for its ttl, fetched anew ahead of that, and left alone for a
// while after a failure.
//
// Configured names are fetched at start and kept fresh by a timer. Others are
// fetched on first query and again when a query says that it is time; they are
// forgotten when there are too many, and after a minute without use when there
// is no such service.
//
// When more than `max_drop` percent of 5 or more known names turn 404 within their
// ttl, they are held as they were until each is said to be gone twice more: a
// catalog that lost its table is likelier than so many services.
//
// Each outcome is published as a cache::AskedState; an empty one forgets the
// name. Saying a failure once in the log is left to whoever hears that.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "cache/asked_state.h"
#include "dnsd/dns/random.h"
#include "dnsd/net/timers.h"
#include "upstream/catalog_source.h"
#include "upstream/names_by_use.h"
#include "upstream/vanished_name.h"

namespace upstream {

struct AskedNamesLimits {
  std::size_t names = 10'000;   // that are not configured; the longest unused go
  std::size_t in_flight = 64;   // fetches at a time; more wait for their turn
  std::size_t waiting = 1'000;  // of those; the one that waits longest is given up
  unsigned max_drop = 80;       // percent of the known names that may turn 404 within their ttl
};

class AskedNames {
 public:
  using Publish = std::function<void(const LookupKey&, cache::AskedState)>;
  using Done = std::function<void()>;

  /// `timers` must outlive this, which neither `publish` nor a `Done` may destroy.
  /// `publish` may be called from within any member. `random` spreads refreshes and retries.
  AskedNames(std::unique_ptr<AskingSource> source, net::Timers& timers, dns::Random random,
             dns::Seconds negative_ttl, Publish publish, const AskedNamesLimits& limits = {});
  /// Nobody hears anything any more.
  ~AskedNames();
  AskedNames(const AskedNames&) = delete;
  AskedNames& operator=(const AskedNames&) = delete;

  /// Knows `key` from before: a reload, a restart. Before start(); publishes nothing.
  void adopt(const LookupKey& key, cache::AskedState state);
  /// Fetches the configured names and keeps them fresh from now on.
  void start(const std::vector<LookupKey>& configured);
  /// Names that the mass change guard holds: answered as they were, and marked.
  std::size_t held() const;
  /// Of the source.
  SourceCounters counters() const { return source_->counters(); }
  /// A query waits for `key`. `done` is called once, never before consult()
  /// returns, when the state it may answer from is published: after the fetch
  /// that this joins or starts, or soon when there is nothing to fetch now.
  void consult(const LookupKey& key, Done done);
  /// A query was answered, and its data is due to be fetched anew. Fetches unless
  /// that is under way or the source is to be left alone.
  void refresh(const LookupKey& key);

 private:
  struct Name {
    cache::AskedState state;
    bool configured = false;
    std::optional<VanishedName> vanished;  // it was known, and is not there any more
    bool asking = false;                   // waits for its turn or for the source
    unsigned in_a_row = 0;                 // outcomes of the last kind, when that was not Found
    net::TimerId timer = 0;                // of the next fetch; configured names only
    std::vector<Done> waiting;
  };

  void ask(const LookupKey& key);
  void send(const LookupKey& key);
  void send_waiting();
  void give_up_oldest();
  void heard(const LookupKey& key, const LookupOutcome& outcome);
  void settle(const LookupKey& key);

  void note(Name& name, const Found& found);
  void note(Name& name, const Absent&);
  void note(Name& name, const Unavailable& unavailable);
  void hold_vanished();
  dns::Milliseconds refresh_delay(dns::Seconds ttl);
  void schedule(const LookupKey& key, Name& name);

  void used(const LookupKey& key, const Name& name);
  void call_soon(Done done);
  void forget(const LookupKey& key);
  void forget_surplus();
  void forget_unused();
  void sweep_later();

  net::Timers& timers_;
  dns::Random random_;
  dns::Seconds negative_ttl_;
  Publish publish_;
  AskedNamesLimits limits_;
  std::map<LookupKey, Name> names_;
  NamesByUse idle_;  // those that may be forgotten: not configured, not being asked for
  std::deque<LookupKey> queue_;
  std::size_t in_flight_ = 0;
  std::vector<Done> soon_;
  net::TimerId soon_timer_ = 0;
  net::TimerId sweep_timer_ = 0;
  std::unique_ptr<AskingSource> source_;  // last member: silent before the rest goes
};

}  // namespace upstream
