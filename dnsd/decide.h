// **decide**: one query against the catalog table and the answer cache. It
// writes a finished reply into the caller's room, or names what must happen
// instead:
//
//   drop      it is not a question (a response, or too short to answer)
//   reply     n bytes of answer are in the room
//   forward   somebody upstream must say; a stale answer may do in the end
//   consult   a catalog source that is asked name by name must say
//   resolve   upstream must say the addresses of instances' hosts first
//
// Pure: no loop, clock, log or socket. A reply allocates nothing and takes no
// lock but the answer cache's, for a copy, and that of its failures once some are kept.
#pragma once

#include "cache/answer_cache.h"
#include "cache/zone_answer.h"
#include "dnsd/dns/query.h"
#include "dnsd/settings.h"
#include "upstream/loop_watch.h"

namespace signpost {

/// Who asks, as far as the answer depends on it.
struct Client {
  dns::IpAddress ip;
  bool tcp = false;
};

/// What may still be waited for.
struct Waits {
  bool consult = true;
  bool resolve = true;
  bool upstream = true;  // false: an answer that has expired is good enough
};

struct Knowledge {
  const cache::CatalogTable& table;
  const Settings& settings;
  cache::AnswerCache& answers;
  dns::Random& random;
  cache::AnswerScratch& scratch;
  dns::Time now;
  std::uint32_t unix_time = 0;           // seconds, for cookies
  upstream::LoopWatch* loops = nullptr;  // is told of our own probes; null: nobody probes
};

struct Decision {
  enum class What : std::uint8_t { drop, reply, forward, consult, resolve };
  What what = What::drop;
  bool refresh = false;         // ask the catalog's sources for the name, behind the reply
  bool ask_anew = false;        // ask upstream the question, behind the reply
  bool stale = false;           // the reply is an answer that has expired (RFC 8767)
  bool has_stale = false;       // of forward: there is such an answer
  bool failed = false;          // the reply says that upstream failed lately
  std::size_t size = 0;         // of the reply
  std::uint64_t name_hash = 0;  // of the question's name, once it was read
};

/// A query as it was read; it points into its packet.
struct ReadQuery {
  dns::WireView packet;
  dns::QueryVerdict verdict = dns::QueryVerdict::not_a_query;
  std::uint64_t name_hash = 0;  // of the question's name, where the verdict is `fine`
  dns::Query query;
};
/// Fills `out` anew, whatever it held. The packet outlives it.
void read_query(dns::WireView packet, ReadQuery& out);

/// Decides what becomes of a query. `room` is at least 64 KiB for TCP
/// and dns::kUdpAnswerSize for UDP; the reply is as short as the client asks.
/// What the client has waited for already (`waits`) is not asked for again: then
/// the best that is known is the answer. What `refresh`, consult and resolve are about stands in
/// `knowledge.scratch` (`name`, `unresolved`) until the next call.
Decision decide(const ReadQuery& read, const Client& client, const Knowledge& knowledge,
                Waits waits, dns::WireSpan room);
/// Reads `packet` into `query`, and decides.
Decision decide(dns::WireView packet, const Client& client, const Knowledge& knowledge, Waits waits,
                dns::Query& query, dns::WireSpan room);

/// Fits an answer from upstream to the query it was asked for; see fit_reply.
std::size_t reply_from_upstream(const dns::Query& query, const Client& client,
                                const Knowledge& knowledge, dns::WireView stored,
                                dns::WireSpan room);
/// SERVFAIL with the reason, for a query that nobody upstream answered.
std::size_t reply_failure(const dns::Query& query, const Client& client, const Knowledge& knowledge,
                          const dns::ExtendedErrorText& why, dns::WireSpan room);

}  // namespace signpost
