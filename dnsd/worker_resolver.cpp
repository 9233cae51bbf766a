#include "dnsd/worker_resolver.h"

namespace signpost {
namespace {

constexpr PendingLimits kLimits{.questions = 16'384, .waiters_each = 4096, .waiters = 65'536};

HeardPointer too_many() {
  auto heard = std::make_shared<Heard>();
  heard->why = "too many questions are waiting";
  return heard;
}

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

void WorkerResolver::resolve(const Asked& asked, Done done) {
  WorkerResolver* owner = all_[(asked.key().hash() >> 16) % all_.size()];
  if (owner == this) return ask(asked, std::move(done));
  owner->mailbox_.post([owner, asked, home = &mailbox_, done = std::move(done)] {
    owner->ask(asked, [home, done](const HeardPointer& heard) {
      home->post([done, heard] { done(heard); });
    });
  });
}

void WorkerResolver::ask(const Asked& asked, Done done) {
  // Where it is alone, its pipeline asks each question once already.
  if (all_.size() == 1) return ask_upstream(asked, std::move(done));
  using Joined = PendingQueries<Waiting>::Joined;
  const auto join = pending_.join(asked.key(), {done});
  if (join.shed) refuse(join.shed->done);
  if (join.what == Joined::full) refuse(done);
  if (join.what != Joined::first) return;
  ask_upstream(asked, [this, ticket = join.ticket](const HeardPointer& answer) {
    pending_.finish(ticket, [&](const Waiting& waiting) { waiting.done(answer); });
  });
}

void WorkerResolver::refuse(const Done& done) {
  timers_.after(dns::Milliseconds(0), [done] { done(too_many()); });
}

void WorkerResolver::ask_upstream(const Asked& asked, Done done) {
  forwarder_.ask(asked.question, asked.dnssec_ok, asked.checking_disabled,
                 [this, asked, done = std::move(done)](upstream::Answer answer) {
                   done(remember(asked, std::move(answer)));
                 });
}

HeardPointer WorkerResolver::remember(const Asked& asked, upstream::Answer answer) {
  auto heard = std::make_shared<Heard>();
  const bool reached = answer.ok() || answer.error != dns::ExtendedError::NETWORK_ERROR;
  upstream_reached_.store(reached, std::memory_order_relaxed);
  if (answer.ok()) {
    heard->form = keep(asked, std::move(answer.message));
    return heard;
  }
  // Of a query that gave way to others, nothing is known.
  const bool was_asked = answer.error != dns::ExtendedError::OTHER;
  if (was_asked) answers_.failures().failed(asked.key(), answer.error, timers_.now());
  heard->error = answer.error;
  heard->why = std::move(answer.why);
  return heard;
}

cache::StoredForm WorkerResolver::keep(const Asked& asked, dns::Wire message) {
  world_.pick_up();
  auto form = cache::stored_form(std::move(message), world_.world().settings->max_ttl);
  const cache::AnswerKey key = asked.key();
  answers_.failures().answered(key);
  answers_.insert(key, form, timers_.now());
  return form;
}

}  // namespace signpost
