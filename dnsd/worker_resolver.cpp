#include "dnsd/worker_resolver.h"

namespace signpost {
namespace {

constexpr PendingLimits kLimits{.questions = 16'384, .waiters_each = 4096, .waiters = 65'536};

}  // namespace

WorkerResolver::WorkerResolver(upstream::Forwarder& forwarder, cache::AnswerCache& answers,
                               const Published& published, net::Timers& timers,
                               net::Mailbox& mailbox)
    : forwarder_(forwarder),
      answers_(answers),
      world_(published),
      timers_(timers),
      mailbox_(mailbox),
      all_{this},
      pending_(kLimits) {
  // Somebody is back: all may be asked again.
  forwarder_.when_back([this] { answers_.failures().forget(); });
}

void WorkerResolver::resolve(const Asked& asked, const Done& done) {
  // Where it is alone, its pipeline asks each question once already.
  if (all_.size() == 1) return ask_upstream(asked, done);
  WorkerResolver* owner = all_[(asked.key().hash() >> 16) % all_.size()];
  if (owner == this) return ask(asked, {done, nullptr});
  owner->mailbox_.post(
      [owner, asked, waiting = Waiting{done, &mailbox_}] { owner->ask(asked, waiting); });
}

void WorkerResolver::ask(const Asked& asked, const Waiting& waiting) {
  using Joined = PendingQueries<Waiting>::Joined;
  const auto join = pending_.join(asked.key(), waiting);
  if (join.shed) refuse(*join.shed);
  if (join.what != Joined::first) return;
  ask_upstream(asked, [this, ticket = join.ticket](const Heard& heard) {
    pending_.finish(ticket, [&](const Waiting& one) { tell(one, heard); });
  });
}

void WorkerResolver::tell(const Waiting& waiting, const Heard& heard) {
  if (waiting.home == nullptr) return waiting.done(heard);
  waiting.home->post([done = waiting.done, error = heard.error, why = std::string(heard.why),
                      message = dns::Wire(heard.message.begin(), heard.message.end())] {
    done({message, error, why});
  });
}

void WorkerResolver::refuse(const Waiting& waiting) {
  const auto too_many = [waiting] {
    tell(waiting, {{}, dns::ExtendedError::OTHER, "too many questions are waiting"});
  };
  timers_.after(dns::Milliseconds(0), too_many);
}

void WorkerResolver::ask_upstream(const Asked& asked, const Done& done) {
  forwarder_.ask(
      asked.question, asked.dnssec_ok, asked.checking_disabled,
      [this, done](const upstream::UpstreamQuery& query, const upstream::Answer& answer) {
        done(
            remember(cache::AnswerKey::of(query.question, query.dnssec_ok, query.checking_disabled),
                     answer));
      });
}

Heard WorkerResolver::remember(const cache::AnswerKey& key, const upstream::Answer& answer) {
  const bool reached = answer.ok() || answer.error != dns::ExtendedError::NETWORK_ERROR;
  upstream_reached_.store(reached, std::memory_order_relaxed);
  if (answer.ok()) return {keep(key, answer.message), {}, {}};
  // Of a query that gave way to others, nothing is known.
  const bool was_asked = answer.error != dns::ExtendedError::OTHER;
  if (was_asked) answers_.failures().failed(key, answer.error, timers_.now());
  return {{}, answer.error, answer.why};
}

/// Valid until the next: nothing that hears of an answer brings about another before it returns.
dns::WireView WorkerResolver::keep(const cache::AnswerKey& key, dns::WireView message) {
  world_.pick_up();
  cache::make_stored_form(message, world_.world().settings->max_ttl, form_);
  answers_.failures().answered(key);
  answers_.insert(key, form_, timers_.now());
  return form_.wire;
}

}  // namespace signpost
