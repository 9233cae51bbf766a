#include "dnsd/pipeline.h"

#include <algorithm>

namespace signpost {
namespace {

using What = Decision::What;

// A client waits for a catalog at most this long, under a stub's first time-out
// of 2 s and more.
constexpr dns::Milliseconds kConsultMost{1500};
// And for the addresses of instances' hosts.
constexpr dns::Milliseconds kResolveMost{2500};
// The same thing is asked for behind answers at most once in this time.
constexpr dns::Milliseconds kHintPause{1000};
// Clients that may wait in one worker; beyond, they hear SERVFAIL at once.
constexpr std::size_t kWaitingMost = 16'384;
// More questions than the forwarder asks at once: it sheds its oldest first.
constexpr PendingLimits kPendingLimits{.questions = 8192};

}  // namespace

bool Pipeline::Interest::repeats(const Interest& other) const {
  if (!client || !other.client) return false;
  const Waiter& a = *client;
  const Waiter& b = *other.client;
  if (a.peer.connection != 0) return false;  // over TCP each query is owed a reply of its own
  if (a.answered || b.answered) return false;
  return a.listener == b.listener && a.peer.connection == b.peer.connection &&
         a.peer.address == b.peer.address &&
         dns::get16(a.packet.view().data()) == dns::get16(b.packet.view().data());
}

Pipeline::Pipeline(const Parts& parts)
    : parts_(parts),
      world_(parts.published),
      random_(parts.random_seed),
      batch_(std::make_unique_for_overwrite<ReadBatch>()),
      room_(std::make_unique_for_overwrite<std::uint8_t[]>(dns::kMaxMessage)),
      pending_(kPendingLimits) {
  batch_begins();
}

void Pipeline::batch_begins() {
  if (world_.pick_up()) scratch_.fit(*world_.world().table);
}

void Pipeline::batch_begins(std::span<const dns::WireView> queries) {
  batch_begins();
  const World& world = world_.world();
  batch_->read(queries, world.settings->zone.name.view(), *world.table, parts_.answers);
}

Knowledge Pipeline::knowledge() {
  const World& world = world_.world();
  return {*world.table, *world.settings,     parts_.answers,     random_,
          scratch_,     parts_.timers.now(), parts_.unix_time(), parts_.loops};
}

net::Handled Pipeline::handle(dns::WireView packet, const Client& client, const net::Peer& peer,
                              Listener& listener, dns::WireSpan room) {
  ReadQuery read;
  read_query(packet, read);
  return handle(read, client, peer, listener, room);
}

net::Handled Pipeline::handle(const ReadQuery& read, const Client& client, const net::Peer& peer,
                              Listener& listener, dns::WireSpan room) {
  ++counters_.queries;
  const dns::Query& query = read.query;
  Decision decision = decide(read, client, knowledge(), {}, room);
  if (stale_at_once(decision, query)) {
    decision = decide(read, client, knowledge(), {.upstream = false}, room);
  }
  if (decision.what == What::reply) {
    ++counters_.replied;
    do_behind(decision, query);
    return {decision.size, false};
  }
  if (decision.what == What::drop) {
    ++counters_.dropped;
    return {};
  }
  if (*waiting_ >= kWaitingMost) {
    ++counters_.shed;
    const Decision known = decide(read, client, knowledge(), {.upstream = false}, room);
    if (known.stale) return {known.size, false};
    const dns::ExtendedErrorText why{dns::ExtendedError::OTHER, "too many clients are waiting"};
    return {reply_failure(query, client, knowledge(), why, room), false};
  }
  auto waiter = std::make_shared<Waiter>();
  waiter->packet.keep(read.packet);
  waiter->client = client;
  waiter->peer = peer;
  waiter->listener = &listener;
  waiter->counted = waiting_;
  ++*waiting_;
  wait_for(decision, waiter, query);
  return {0, true};
}

bool Pipeline::stale_at_once(const Decision& decision, const dns::Query& query) const {
  return decision.what == What::forward && decision.has_stale &&
         (world_.world().settings->stale_after.count() == 0 ||
          parts_.resolver.is_down(query.question.name.view()));
}

void Pipeline::wait_for(const Decision& decision, const WaiterPointer& waiter,
                        const dns::Query& query) {
  if (decision.what == What::forward) forward(decision, waiter, query);
  if (decision.what == What::consult) consult(waiter);
  if (decision.what == What::resolve) resolve(waiter);
}

/// What it waited for is here, or will not come: decides anew.
void Pipeline::act_again(const WaiterPointer& waiter) {
  batch_begins();
  dns::Query query;
  const Decision decision = decide(waiter->packet.view(), waiter->client, knowledge(),
                                   waiter->waits, query, {room_.get(), dns::kMaxMessage});
  if (decision.what == What::reply) {
    if (!waiter->waits.resolve) scratch_.unresolved.clear();  // it was waited for: not again
    do_behind(decision, query);
    return send(*waiter, decision.size);
  }
  wait_for(decision, waiter, query);
}

void Pipeline::send(const Waiter& waiter, std::size_t size) {
  waiter.listener->send(waiter.peer, {room_.get(), size});
}

void Pipeline::fail(const Waiter& waiter, dns::ExtendedError code, std::string_view why) {
  dns::Query query;
  dns::parse_query(waiter.packet.view(), query);
  send(waiter, reply_failure(query, waiter.client, knowledge(), {code, why},
                             {room_.get(), dns::kMaxMessage}));
}

// ---- upstream must say

void Pipeline::forward(const Decision& decision, const WaiterPointer& waiter,
                       const dns::Query& query) {
  ++counters_.forwarded;
  const bool waits = ask_upstream({query.question, query.edns.dnssec_ok, query.checking_disabled},
                                  {waiter, nullptr});
  if (!waits || !decision.has_stale) return;
  waiter->patience = parts_.timers.after(world_.world().settings->stale_after,
                                         [this, weak = std::weak_ptr<Waiter>(waiter)] {
                                           const auto still = weak.lock();
                                           if (still) reply_known(still);
                                         });
}

bool Pipeline::ask_upstream(const Asked& asked, Interest interest) {
  using Joined = PendingQueries<Interest>::Joined;
  const auto join = pending_.join(asked.key(), std::move(interest));
  if (join.shed) shed(*join.shed);
  if (join.what == Joined::first) {
    parts_.resolver.resolve(
        asked, [this, ticket = join.ticket](const Heard& answer) { heard(ticket, answer); });
  }
  return join.what == Joined::first || join.what == Joined::already_asked;
}

/// At a bound it does not wait any longer, and is told so.
void Pipeline::shed(const Interest& interest) {
  ++counters_.shed;
  // Later: a reply may be in the making in the room that this one would be written to.
  parts_.timers.after(dns::Milliseconds(0), [this, interest] {
    if (interest.task) return interest.task();
    if (interest.client->answered) return;
    parts_.timers.cancel(interest.client->patience);
    if (reply_known(interest.client)) return;
    fail(*interest.client, dns::ExtendedError::OTHER, "too many clients wait");
  });
}

void Pipeline::heard(PendingQueries<Interest>::Ticket ticket, const Heard& answer) {
  batch_begins();
  pending_.finish(ticket, [&](const Interest& interest) {
    if (interest.task) {
      interest.task();
    } else if (!interest.client->answered) {
      reply_heard(interest.client, answer);
    }
  });
}

void Pipeline::reply_heard(const WaiterPointer& waiter, const Heard& answer) {
  parts_.timers.cancel(waiter->patience);
  if (!answer.ok()) {
    if (!reply_known(waiter)) fail(*waiter, answer.error, answer.why);
    return;
  }
  dns::Query query;
  dns::parse_query(waiter->packet.view(), query);
  send(*waiter, reply_from_upstream(query, waiter->client, knowledge(), answer.message,
                                    {room_.get(), dns::kMaxMessage}));
}

bool Pipeline::reply_known(const WaiterPointer& waiter) {
  if (waiter->answered) return false;
  batch_begins();
  waiter->waits.upstream = false;
  dns::Query query;
  const Decision decision = decide(waiter->packet.view(), waiter->client, knowledge(),
                                   waiter->waits, query, {room_.get(), dns::kMaxMessage});
  if (decision.what != What::reply || decision.failed) return false;
  waiter->answered = true;
  --*std::exchange(waiter->counted, nullptr);
  send(*waiter, decision.size);
  return true;
}

// ---- a catalog source must say

void Pipeline::consult(const WaiterPointer& waiter) {
  ++counters_.consulted;
  const CatalogName name{std::string(scratch_.name.asked_service),
                         std::string(scratch_.name.asked_version)};
  waiter->waits.consult = false;
  Consulting& consulting = consulting_[name];
  consulting.waiters.push_back(waiter);
  if (consulting.waiters.size() > 1) return;
  const auto finish = [this, name] { consulted(name); };
  consulting.deadline = parts_.timers.after(kConsultMost, finish);
  parts_.desk.consult(name, finish);
}

/// The sources have answered, or the time is up; whichever comes first.
void Pipeline::consulted(const CatalogName& name) {
  const auto found = consulting_.find(name);
  if (found == consulting_.end()) return;
  const Consulting done = std::move(found->second);
  consulting_.erase(found);
  parts_.timers.cancel(done.deadline);
  for (const WaiterPointer& waiter : done.waiters) act_again(waiter);
}

// ---- the addresses of instances' hosts

void Pipeline::resolve(const WaiterPointer& waiter) {
  ++counters_.resolved;
  waiter->waits = {false, false};
  const std::vector<cache::Unresolved> hosts = scratch_.unresolved;
  scratch_.unresolved.clear();
  waiter->unresolved = hosts.size();
  waiter->deadline = parts_.timers.after(kResolveMost, [this, waiter] {
    waiter->unresolved = 1;  // the last that is waited for
    resolved(waiter);
  });
  for (const cache::Unresolved& host : hosts) {
    const Asked asked{{host.host, host.type, dns::Class::IN}, false, false};
    ask_upstream(asked, {nullptr, [this, weak = std::weak_ptr<Waiter>(waiter)] {
                           if (const auto still = weak.lock()) resolved(still);
                         }});
  }
}

void Pipeline::resolved(const WaiterPointer& waiter) {
  if (waiter->unresolved == 0 || --waiter->unresolved > 0) return;
  parts_.timers.cancel(waiter->deadline);
  act_again(waiter);
}

void Pipeline::find_addresses(const dns::Name& host,
                              std::function<void(std::vector<dns::IpAddress>)> done) {
  const auto left = std::make_shared<int>(2);
  const auto finish = [this, host, left, done = std::move(done)] {
    if (--*left > 0) return;
    std::vector<dns::IpAddress> found;
    for (dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
      const Asked asked{{host, type, dns::Class::IN}, false, false};
      // It was asked for, or known: an expired one is better than none.
      const auto heard = parts_.answers.addresses(asked.key(), parts_.timers.now(), true);
      found.insert(found.end(), heard.addresses.begin(),
                   heard.addresses.begin() + static_cast<long>(heard.count));
    }
    done(std::move(found));
  };
  for (dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
    const Asked asked{{host, type, dns::Class::IN}, false, false};
    const auto heard = parts_.answers.addresses(asked.key(), parts_.timers.now());
    if (heard.ends_soon) ask_upstream(asked, {nullptr, [] {}});
    if (heard.known != cache::HostAddresses::Known::no) {
      finish();
    } else {
      ask_upstream(asked, {nullptr, finish});
    }
  }
}

// ---- behind the answer

void Pipeline::do_behind(const Decision& decision, const dns::Query& query) {
  const bool hosts_wait = !scratch_.unresolved.empty() || !scratch_.ending.empty();
  if (!decision.ask_anew && !decision.refresh && !hosts_wait) return;
  if (decision.ask_anew) {
    const Asked asked{query.question, query.edns.dnssec_ok, query.checking_disabled};
    if (!pending_.is_asked(asked.key())) ask_upstream(asked, {nullptr, [] {}});
  }
  if (decision.refresh && !hinted_lately(decision.name_hash)) {
    parts_.desk.refresh(
        {std::string(scratch_.name.asked_service), std::string(scratch_.name.asked_version)});
  }
  for (auto* hosts : {&scratch_.unresolved, &scratch_.ending}) {
    for (const cache::Unresolved& host : *hosts) {
      const Asked asked{{host.host, host.type, dns::Class::IN}, false, false};
      if (!hinted_lately(asked.key().hash())) ask_upstream(asked, {nullptr, [] {}});
    }
    hosts->clear();
  }
}

bool Pipeline::hinted_lately(std::uint64_t hash) {
  auto& [last, when] = hints_[hash % hints_.size()];
  const dns::Time now = parts_.timers.now();
  if (last == hash && now < when + kHintPause) return true;
  last = hash;
  when = now;
  return false;
}

}  // namespace signpost
