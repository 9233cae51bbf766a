// The resolver of one worker. Each question has an owner, chosen by its hash;
// a miss is handed to it, so that the process asks each question once.
//
// Its worker's thread only, but for what `meet` makes the workers post to each
// other.
#pragma once

#include <atomic>
#include <vector>

#include "cache/answer_cache.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/net/timers.h"
#include "dnsd/pending_queries.h"
#include "dnsd/published.h"
#include "dnsd/resolver.h"
#include "upstream/forwarder.h"

namespace signpost {

class WorkerResolver final : public Resolver {
 public:
  WorkerResolver(upstream::Forwarder& forwarder, cache::AnswerCache& answers,
                 const Published& published, net::Timers& timers, net::Mailbox& mailbox);

  /// All workers' resolvers, this one too, before any loop runs. They must
  /// outlive each other's loops.
  void meet(std::vector<WorkerResolver*> all) { all_ = std::move(all); }

  void resolve(const Asked& asked, const Done& done) override;
  bool is_down(dns::NameView name) const override { return forwarder_.is_down(name); }
  /// Lets go of an old table.
  void pick_up() { world_.pick_up(); }
  /// Any thread: false when no server could be reached for the last question.
  bool upstream_reached() const { return upstream_reached_.load(std::memory_order_relaxed); }

 private:
  /// One worker's interest in a question.
  struct Waiting {
    Done done;
    net::Mailbox* home;  // of another worker; null: it is our own
    bool repeats(const Waiting&) const { return false; }
  };

  void ask(const Asked& asked, const Waiting& waiting);
  static void tell(const Waiting& waiting, const Heard& heard);
  void refuse(const Waiting& waiting);
  void ask_upstream(const Asked& asked, const Done& done);
  Heard remember(const cache::AnswerKey& key, const upstream::Answer& answer);
  dns::WireView keep(const cache::AnswerKey& key, dns::WireView message);

  upstream::Forwarder& forwarder_;
  cache::AnswerCache& answers_;
  WorldReader world_;
  net::Timers& timers_;
  net::Mailbox& mailbox_;
  std::vector<WorkerResolver*> all_;
  std::atomic<bool> upstream_reached_{true};
  cache::StoredForm form_;           // of the last answer, whose memory is used again
  PendingQueries<Waiting> pending_;  // of all workers; unused while there is one
};

}  // namespace signpost
