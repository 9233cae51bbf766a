#include "upstream/forwarder.h"

#include <algorithm>
#include <string_view>

#include "dnsd/dns/message_reader.h"

namespace upstream {
namespace {

constexpr std::size_t kWhyMost = 200;  // the sentence goes into an EDE option
constexpr unsigned kLogLinesMost = 10;
constexpr dns::Seconds kLogSpan{10};

dns::Result<dns::Done> check_group(const std::vector<conf::Upstream>& upstreams) {
  if (upstreams.size() > kServersMost) {
    return dns::Error{"expected at most " + std::to_string(kServersMost) +
                      " upstream servers for one zone, found " + std::to_string(upstreams.size())};
  }
  return dns::Done{};
}

/// What a server's reply amounts to, in a word or two.
std::string in_words(const ServerReply& reply) {
  if (reply.message.size() < dns::kHeaderSize) return reply.why;
  const dns::HeaderView header{reply.message.data()};
  const auto rcode = static_cast<dns::Rcode>(header.rcode());
  return rcode == dns::Rcode::NOERROR ? "a malformed reply" : dns::to_text(rcode);
}

void add_reason(std::string& why, const std::string& server, const std::string& reason) {
  if (why.size() >= kWhyMost) return;
  why += (why.empty() ? "" : ", ") + server + ": " + reason;
}

std::uint8_t index_of(const ServerGroup& group, const Server& server) {
  const auto is_it = [&](const auto& one) { return one.get() == &server; };
  return static_cast<std::uint8_t>(std::find_if(group.begin(), group.end(), is_it) - group.begin());
}

/// The tries of one query span more than a short outage.
dns::Milliseconds patience_least(unsigned round) {
  return dns::Milliseconds(round == 0 ? 0 : 1000);
}

}  // namespace

Forwarder::Forwarder(net::Network& network, net::Timers& timers, std::uint64_t seed,
                     std::size_t queries_most)
    : network_(network),
      timers_(timers),
      random_(seed),
      queries_most_(queries_most),
      log_pace_(kLogLinesMost, kLogSpan),
      deadlines_(
          timers, [this](FlightId id) { return in_flight_.find(id) != nullptr; },
          [this](FlightId id) { due(id); }) {}

Forwarder::~Forwarder() {
  timers_.cancel(retire_timer_);
  timers_.cancel(probe_timer_);
}

dns::Result<dns::Done> Forwarder::set_upstreams(const Upstreams& upstreams) {
  auto checked = check_group(upstreams.servers);
  for (const auto& zone : upstreams.zones) {
    if (checked.ok()) checked = check_group(zone.upstreams);
  }
  if (!checked.ok()) return checked;
  ServerGroup known = std::move(servers_);
  servers_.clear();
  rules_ = {};
  policy_ = upstreams.policy;
  hedging_ = upstreams.hedge;
  rules_.set_default(make_group(upstreams.servers, known));
  for (const auto& zone : upstreams.zones) {
    rules_.add(zone.suffix, make_group(zone.upstreams, known));
  }
  retired_.insert(retired_.end(), known.begin(), known.end());
  if (loop_watch_ != nullptr) learn_of_loops();
  if (loop_prober_ != nullptr) loop_prober_->probe(servers_);
  let_go_of_retired();
  return dns::Done{};
}

/// Takes what it can out of `known`, the servers until now.
ServerGroupRef Forwarder::make_group(const std::vector<conf::Upstream>& upstreams,
                                     ServerGroup& known) {
  auto group = std::make_shared<ServerGroup>();
  for (const auto& where : upstreams) {
    const auto same = [&](const auto& server) { return server->where == where; };
    if (std::any_of(group->begin(), group->end(), same)) continue;
    auto at = std::find_if(servers_.begin(), servers_.end(), same);
    if (at == servers_.end()) {
      const auto before = std::find_if(known.begin(), known.end(), same);
      servers_.push_back(before != known.end()
                             ? *before
                             : std::shared_ptr<Server>(make_server(where, network_, timers_)));
      if (before != known.end()) known.erase(before);
      at = std::prev(servers_.end());
    }
    group->push_back(*at);
  }
  return group;
}

/// Not from within a server's own call, which would destroy the caller; nor while
/// a query in flight may still ask it.
void Forwarder::let_go_of_retired() {
  if (retired_.empty() || retire_timer_ != 0) return;
  retire_timer_ = timers_.after(dns::Milliseconds(0), [this] {
    retire_timer_ = 0;
    std::erase_if(retired_, [](const auto& server) {
      return server->in_flight == 0 && server.use_count() == 1;
    });
  });
}

std::vector<std::string> Forwarder::servers_for(dns::NameView name) const {
  std::vector<std::string> out;
  for (const auto& server : *rules_.group_for(name)) out.push_back(server->name);
  return out;
}

ForgeryCounters Forwarder::forgeries() const {
  ForgeryCounters sum;
  for (const auto& server : servers_) {
    if (server->udp == nullptr) continue;
    sum.mismatches += server->udp->mismatches();
    sum.wrong_cases += server->udp->wrong_cases();
  }
  return sum;
}

bool Forwarder::is_down(dns::NameView name) const {
  const ServerGroup& group = *rules_.group_for(name);
  return std::all_of(group.begin(), group.end(), [](const auto& server) {
    return server->set_aside || server->health.passed_over();
  });
}

TryLine Forwarder::pick(const ServerGroup& group) {
  const dns::Time now = timers_.now();
  for (std::size_t i = 0; i < group.size(); ++i) {
    candidates_[i] = {group[i]->health.passed_over(), group[i]->health.rank(now),
                      group[i]->set_aside};
  }
  std::array<std::uint8_t, kServersMost> order;
  return TryLine(pick_order({candidates_.data(), group.size()}, policy_, random_, order));
}

void Forwarder::ask(const dns::Question& question, bool dnssec_ok, bool checking_disabled,
                    const AnswerDone& done) {
  ++counters_.queries;
  std::optional<Waiting> shed;
  if (in_flight_.size() >= queries_most_) shed = in_flight_.take(in_flight_.oldest());
  if (loop_watch_ != nullptr && loop_watch_->version() != loops_known_) learn_of_loops();
  const dns::Time now = timers_.now();
  const ServerGroupRef& group = rules_.group_for(question.name.view());
  const FlightId id = in_flight_.add({.query = {question, dnssec_ok, checking_disabled, true},
                                      .done = done,
                                      .began = now,
                                      .deadline = now + kQueryBudget,
                                      .group = group,
                                      .line = pick(*group)});
  hedge_budget_.earn();
  try_next(id);
  probe_paused(id);
  if (!shed) return;
  ++counters_.shed;
  // Later: who asks may be in the middle of something that `done` would disturb.
  timers_.after(dns::Milliseconds(0), [query = shed->query, done = shed->done] {
    done(query, {{}, dns::ExtendedError::OTHER, "too many queries are waiting for upstream"});
  });
}

void Forwarder::try_next(FlightId id) {
  Waiting& waiting = *in_flight_.find(id);
  const auto next = waiting.line.next();
  if (next) return begin_try(id, *(*waiting.group)[*next]);
  // All were asked, and one of them may still answer. With nobody to ask it is given
  // up at once, but from the timer: never before ask() returns.
  waiting.latest = nullptr;
  if (waiting.line.empty()) waiting.deadline = timers_.now();
  waiting.next_try = waiting.deadline;
  deadlines_.add(waiting.deadline, id);
}

void Forwarder::begin_try(FlightId id, Server& server) {
  Waiting& waiting = *in_flight_.find(id);
  const dns::Time now = timers_.now();
  const unsigned round = waiting.line.round();
  const auto wanted = std::max(server.health.try_for() * (1U << round), patience_least(round));
  const auto patience = std::min(wanted, dns::Milliseconds(kTryMost));
  waiting.asked = now;
  waiting.next_try = std::min(now + patience, waiting.deadline);
  waiting.latest = &server;
  deadlines_.add(waiting.next_try, id);
  if (hedging_ && waiting.hedge == nullptr) plan_hedge(id, server);
  ++counters_.tries;
  send(id, server, waiting.deadline);
}

void Forwarder::plan_hedge(FlightId id, const Server& server) {
  Waiting& waiting = *in_flight_.find(id);
  const auto late = server.round_trips.late();
  waiting.hedge_at = late ? waiting.asked + *late : dns::Time::max();
  if (waiting.hedge_at < waiting.next_try) deadlines_.add(waiting.hedge_at, id);
}

/// The latest try goes on: whoever answers first, wins.
void Forwarder::hedge(FlightId id) {
  Waiting& waiting = *in_flight_.find(id);
  waiting.hedge_at = dns::Time::max();
  const auto next = waiting.line.next_in_round();
  if (!next || (*waiting.group)[*next]->health.passed_over() || !hedge_budget_.spend()) return;
  ++counters_.hedged;
  waiting.hedge = (*waiting.group)[*next].get();
  try_next(id);
}

/// Finds out whether servers that are passed over are back, beside the try.
void Forwarder::probe_paused(FlightId id) {
  Waiting& waiting = *in_flight_.find(id);
  const dns::Time now = timers_.now();
  for (const auto& one : *waiting.group) {
    Server& server = *one;
    if (server.set_aside || !server.health.wants_probe(now)) continue;
    ++counters_.probes;
    waiting.line.asked_beside(index_of(*waiting.group, server));
    send(id, server, now + kTryMost);
  }
}

void Forwarder::send(FlightId id, Server& server, dns::Time deadline) {
  server.health.asking(timers_.now());
  ++server.in_flight;
  const Waiting& waiting = *in_flight_.find(id);
  server.asker->ask({waiting.query, deadline,
                     [this, &server, id, began = waiting.began](const ServerReply& reply) {
                       --server.in_flight;
                       learn(server, began, reply);
                       heard(server, id, reply);
                     }});
}

void Forwarder::due(FlightId id) {
  Waiting& waiting = *in_flight_.find(id);
  const dns::Time now = timers_.now();
  if (now < waiting.next_try) {  // else: of a try that is over already
    return now >= waiting.hedge_at ? hedge(id) : void();
  }
  if (waiting.latest != nullptr) {
    Server& silent = *waiting.latest;
    ++counters_.timeouts;
    waiting.reached = true;
    add_reason(waiting.why, silent.name, "no reply in time");
    if (!silent.health.answered_since(waiting.asked)) failed(silent, waiting.began, true);
  }
  if (now >= waiting.deadline) return give_up(id);
  try_next(id);
}

void Forwarder::heard(Server& server, FlightId id, const ServerReply& reply) {
  Waiting* waiting = in_flight_.find(id);
  if (waiting == nullptr) let_go_of_retired();
  if (waiting == nullptr || reply.outcome == Outcome::timed_out) return;
  if (reply.outcome == Outcome::answered) {
    if (waiting->hedge == &server) ++counters_.hedge_wins;
    return finish(id, {reply.message, dns::ExtendedError::OTHER, {}});
  }
  waiting->reached = waiting->reached || reply.outcome != Outcome::unreachable;
  add_reason(waiting->why, server.name, in_words(reply));
  const std::uint8_t index = index_of(*waiting->group, server);
  if (may_be_restarting(server, reply) && waiting->line.may_be_asked_again(index)) {
    if (waiting->latest != &server) return;
    if (waiting->line.next_in_round()) return try_next(id);
    waiting->latest = nullptr;  // its turn comes again when the patience with it is over
    return;
  }
  waiting->line.rule_out(index);
  if (waiting->line.empty()) return give_up(id);
  if (waiting->latest == &server) try_next(id);
}

void Forwarder::give_up(FlightId id) {
  ++counters_.failed;
  const Waiting& waiting = *in_flight_.find(id);
  if (timers_.now() >= waiting.began + kQueryBudget) pass_over_silent(waiting);
  Answer answer;
  answer.error = waiting.reached ? dns::ExtendedError::NO_REACHABLE_AUTHORITY
                                 : dns::ExtendedError::NETWORK_ERROR;
  answer.why = waiting.why;
  if (waiting.group->empty()) answer.why = "no upstream server is known";
  if (answer.why.empty()) answer.why = "every upstream server leads back to this daemon";
  finish(id, answer);
}

void Forwarder::finish(FlightId id, const Answer& answer) {
  const auto waiting = in_flight_.take(id);
  let_go_of_retired();
  waiting->done(waiting->query, answer);
}

}  // namespace upstream
