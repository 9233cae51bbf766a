// Carries one query: decide, ask whoever must say, remember, reply.
//
// The shell around decide(): it keeps those who wait, and nothing else. One for
// each worker; its thread only.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "cache/answer_cache.h"
#include "dnsd/catalog_desk.h"
#include "dnsd/decide.h"
#include "dnsd/kept_packet.h"
#include "dnsd/listener.h"
#include "dnsd/net/timers.h"
#include "dnsd/pending_queries.h"
#include "dnsd/published.h"
#include "dnsd/read_batch.h"
#include "dnsd/resolver.h"

namespace signpost {

struct PipelineCounters {
  std::uint64_t queries = 0;
  std::uint64_t dropped = 0;
  std::uint64_t replied = 0;  // at once
  std::uint64_t forwarded = 0;
  std::uint64_t consulted = 0;
  std::uint64_t resolved = 0;  // waited for the addresses of instances' hosts
  std::uint64_t shed = 0;      // at a bound
};

class Pipeline {
 public:
  struct Parts {
    const Published& published;
    cache::AnswerCache& answers;
    net::Timers& timers;
    Resolver& resolver;
    CatalogDesk& desk;
    std::uint64_t random_seed = 0;
    std::uint32_t (*unix_time)() = nullptr;
    upstream::LoopWatch* loops = nullptr;  // null: nobody looks for loops
  };

  explicit Pipeline(const Parts& parts);

  /// Picks up the table and the settings; before the first query of a batch.
  void batch_begins();
  /// The same, and reads the queries, which stay valid until the last of them was handled.
  void batch_begins(std::span<const dns::WireView> queries);

  /// One query. Writes its reply to `room`, or replies later through `listener`.
  net::Handled handle(dns::WireView packet, const Client& client, const net::Peer& peer,
                      Listener& listener, dns::WireSpan room);
  /// The one at `place` of the batch that was read.
  net::Handled handle(std::size_t place, const Client& client, const net::Peer& peer,
                      Listener& listener, dns::WireSpan room) {
    return handle((*batch_)[place], client, peer, listener, room);
  }

  /// The addresses of `host`: remembered ones at once, else upstream is asked;
  /// `done` gets those of both families, none when nobody says.
  void find_addresses(const dns::Name& host, std::function<void(std::vector<dns::IpAddress>)> done);

  /// Clients that wait for a reply.
  std::size_t waiting() const { return *waiting_; }
  const PipelineCounters& counters() const { return counters_; }

 private:
  /// A client's query, kept until it can be answered.
  struct Waiter {
    KeptPacket packet;
    Client client;
    net::Peer peer;
    Listener* listener = nullptr;
    Waits waits;
    bool answered = false;      // with a stale answer; what it waited for comes for the cache alone
    net::TimerId patience = 0;  // until a stale answer will do
    // While it waits for hosts' addresses.
    std::size_t unresolved = 0;
    net::TimerId deadline = 0;
    std::shared_ptr<std::size_t> counted;  // in Pipeline::waiting_, while this lives
    ~Waiter() {
      if (counted) --*counted;
    }
  };
  using WaiterPointer = std::shared_ptr<Waiter>;
  /// One who waits for upstream: a client, or (null) a task of our own.
  struct Interest {
    WaiterPointer client;
    std::function<void()> task;
    bool repeats(const Interest& other) const;
  };

  net::Handled handle(const ReadQuery& read, const Client& client, const net::Peer& peer,
                      Listener& listener, dns::WireSpan room);
  Knowledge knowledge();
  Decision decide_for(const Waiter& waiter, dns::Query& query, dns::WireSpan room);
  void act_again(const WaiterPointer& waiter);
  void wait_for(const Decision& decision, const WaiterPointer& waiter, const dns::Query& query);

  void forward(const Decision& decision, const WaiterPointer& waiter, const dns::Query& query);
  bool stale_at_once(const Decision& decision, const dns::Query& query) const;
  /// Replies with what is known, stale or not, if there is anything.
  bool reply_known(const WaiterPointer& waiter);
  /// True: it waits now, and is told.
  bool ask_upstream(const Asked& asked, Interest interest);
  void shed(const Interest& interest);
  void heard(PendingQueries<Interest>::Ticket ticket, const Heard& answer);
  void reply_heard(const WaiterPointer& waiter, const Heard& answer);

  void consult(const WaiterPointer& waiter);
  void consulted(const CatalogName& name);

  void resolve(const WaiterPointer& waiter);
  void resolved(const WaiterPointer& waiter);

  void do_behind(const Decision& decision, const dns::Query& query);
  bool hinted_lately(std::uint64_t hash);

  void fail(const Waiter& waiter, dns::ExtendedError code, std::string_view why);
  void send(const Waiter& waiter, std::size_t size);

  Parts parts_;
  WorldReader world_;
  dns::Random random_;
  cache::AnswerScratch scratch_;
  std::unique_ptr<ReadBatch> batch_;
  std::unique_ptr<std::uint8_t[]> room_;  // 64 KiB for replies that come later
  PendingQueries<Interest> pending_;
  struct Consulting {
    std::vector<WaiterPointer> waiters;
    net::TimerId deadline = 0;
  };
  std::map<CatalogName, Consulting> consulting_;
  std::array<std::pair<std::uint64_t, dns::Time>, 256> hints_{};
  std::shared_ptr<std::size_t> waiting_ = std::make_shared<std::size_t>(0);
  PipelineCounters counters_;
};

}  // namespace signpost
