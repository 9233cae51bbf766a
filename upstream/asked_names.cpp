#include "upstream/asked_names.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "upstream/back_off.h"

namespace upstream {
namespace {

// A ttl of 0 still serves the queries that are waiting, and those of a second.
constexpr dns::Seconds kLeastTtl{1};
// How long a name without a service is remembered after its last use: past the
// longest back-off, which would else be forgotten with it.
constexpr dns::Seconds kUnused{60};
// Fewer names may all vanish at once.
constexpr std::size_t kFewestGuarded = 5;

bool left_alone(const cache::AskedState& state, dns::Time now) {
  return state.failed && now < state.retry_at;
}

/// Whether a query has all that it can get for now.
bool answers(const cache::AskedState& state, dns::Time now) {
  const bool known = state.service || state.absent;
  return (known && now < state.fresh_until) || left_alone(state, now);
}

bool is_due(const cache::AskedState& state, dns::Time now) {
  const bool known = state.service || state.absent;
  return (!known || now >= state.refresh_at) && !left_alone(state, now);
}

}  // namespace

AskedNames::AskedNames(std::unique_ptr<AskingSource> source, net::Timers& timers,
                       dns::Random random, dns::Seconds negative_ttl, Publish publish,
                       const AskedNamesLimits& limits)
    : timers_(timers),
      random_(random),
      negative_ttl_(negative_ttl),
      publish_(std::move(publish)),
      limits_(limits),
      source_(std::move(source)) {}

AskedNames::~AskedNames() {
  for (const auto& [key, name] : names_) timers_.cancel(name.timer);
  timers_.cancel(soon_timer_);
  timers_.cancel(sweep_timer_);
}

void AskedNames::adopt(const LookupKey& key, cache::AskedState state) {
  Name& name = names_[key];
  name.state = std::move(state);
  used(key, name);
}

void AskedNames::start(const std::vector<LookupKey>& configured) {
  for (const LookupKey& key : configured) {
    Name& name = names_[key];
    name.configured = true;
    idle_.remove(key);
    if (!name.asking) ask(key);
  }
}

void AskedNames::consult(const LookupKey& key, Done done) {
  Name& name = names_[key];
  if (!name.asking && answers(name.state, timers_.now())) {
    used(key, name);
    call_soon(std::move(done));
    return;
  }
  name.waiting.push_back(std::move(done));
  if (!name.asking) ask(key);
}

void AskedNames::refresh(const LookupKey& key) {
  Name& name = names_[key];
  if (name.asking) return;
  if (is_due(name.state, timers_.now())) {
    ask(key);
  } else {
    used(key, name);
  }
}

void AskedNames::ask(const LookupKey& key) {
  Name& name = names_.at(key);
  name.asking = true;
  timers_.cancel(std::exchange(name.timer, 0));
  idle_.remove(key);
  queue_.push_back(key);
  send_waiting();
  if (queue_.size() > limits_.waiting) give_up_oldest();
}

void AskedNames::send_waiting() {
  while (!queue_.empty() && in_flight_ < limits_.in_flight) {
    const LookupKey key = std::move(queue_.front());
    queue_.pop_front();
    send(key);
  }
}

void AskedNames::send(const LookupKey& key) {
  ++in_flight_;
  source_->ask(key, [this, key](const LookupOutcome& outcome) {
    --in_flight_;
    heard(key, outcome);
  });
}

/// Configured names keep their turn. Nothing was heard from the source, so it
/// may be asked again at once.
void AskedNames::give_up_oldest() {
  const auto oldest = std::find_if(queue_.begin(), queue_.end(), [this](const LookupKey& key) {
    return !names_.at(key).configured;
  });
  if (oldest == queue_.end()) return;
  const LookupKey key = *oldest;
  queue_.erase(oldest);
  cache::AskedState& state = names_.at(key).state;
  state.failed = true;
  state.connected = false;
  state.why = "more than " + std::to_string(limits_.waiting) + " names wait to be looked up";
  state.retry_at = timers_.now();
  settle(key);
}

void AskedNames::heard(const LookupKey& key, const LookupOutcome& outcome) {
  Name& name = names_.at(key);
  std::visit([&](const auto& what) { note(name, what); }, outcome);
  if (name.vanished) hold_vanished();
  schedule(key, name);
  send_waiting();
  settle(key);
}

/// The name is no longer asked for: whoever waited may look at its state.
void AskedNames::settle(const LookupKey& key) {
  Name& name = names_.at(key);
  name.asking = false;
  used(key, name);
  for (Done& done : std::exchange(name.waiting, {})) call_soon(std::move(done));
  publish_(key, name.state);
  forget_surplus();
}

void AskedNames::note(Name& name, const Found& found) {
  const dns::Time now = timers_.now();
  const dns::Seconds ttl = std::max(dns::Seconds(found.ttl), kLeastTtl);
  name.in_a_row = 0;
  name.vanished.reset();
  name.state = {};
  name.state.service = found.service;
  name.state.fetched = now;
  name.state.fresh_until = now + ttl;
  name.state.refresh_at = now + refresh_delay(ttl);
}

void AskedNames::note(Name& name, const Absent&) {
  const dns::Time now = timers_.now();
  name.in_a_row = name.state.absent && !name.state.failed ? name.in_a_row + 1 : 1;
  if (name.vanished) {
    ++name.vanished->seen;
  } else if (name.state.service) {
    name.vanished = VanishedName{name.state, now, 1};
  }
  name.state = {};
  name.state.absent = true;
  name.state.fetched = now;
  name.state.fresh_until = name.state.refresh_at = now + negative_ttl_;
}

void AskedNames::note(Name& name, const Unavailable& unavailable) {
  name.in_a_row = name.state.failed ? name.in_a_row + 1 : 1;
  name.state.failed = true;
  name.state.connected = unavailable.connected;
  name.state.why = unavailable.why;
  name.state.retry_at = timers_.now() + back_off(name.in_a_row, random_);
}

/// One more is gone: if they are too many, all that went lately come back for now.
void AskedNames::hold_vanished() {
  const dns::Time now = timers_.now();
  std::size_t known = 0;
  std::size_t gone = 0;
  for (auto& [key, name] : names_) {
    if (name.vanished && !name.vanished->lately(now)) name.vanished.reset();
    known += name.vanished || name.state.service ? 1 : 0;
    gone += name.vanished ? 1 : 0;
  }
  if (known < kFewestGuarded || gone * 100 <= known * limits_.max_drop) return;
  const std::string why = std::to_string(gone) + " of " + std::to_string(known) +
                          " known names turned 404: held until that is seen twice more";
  for (auto& [key, name] : names_) {
    if (!name.vanished || name.vanished->believed() || name.state.service) continue;
    name.state = name.vanished->held(why, now, negative_ttl_);
    if (name.asking) continue;  // it is published when that is heard
    schedule(key, name);
    publish_(key, name.state);
  }
}

std::size_t AskedNames::held() const {
  return static_cast<std::size_t>(std::count_if(
      names_.begin(), names_.end(),
      [](const auto& known) { return known.second.vanished && known.second.state.service; }));
}

/// Between 80 and 90 % of the ttl.
dns::Milliseconds AskedNames::refresh_delay(dns::Seconds ttl) {
  const auto tenth = dns::Milliseconds(ttl) / 10;
  return 8 * tenth + dns::Milliseconds(random_.below(static_cast<std::uint64_t>(tenth.count())));
}

/// When a configured name is fetched next. One that is absent is looked for ever
/// less often, beside the queries, which look for it themselves.
void AskedNames::schedule(const LookupKey& key, Name& name) {
  if (!name.configured) return;
  const cache::AskedState& state = name.state;
  const dns::Time now = timers_.now();
  const dns::Time when = state.failed   ? state.retry_at
                         : state.absent ? now + back_off(name.in_a_row, random_)
                                        : state.refresh_at;
  const auto delay = std::chrono::ceil<dns::Milliseconds>(when - now);
  timers_.cancel(name.timer);
  name.timer = timers_.after(delay, [this, key] {
    if (!names_.at(key).asking) ask(key);
  });
}

void AskedNames::used(const LookupKey& key, const Name& name) {
  if (name.configured) return;
  idle_.use(key, name.state.service.has_value(), timers_.now());
  sweep_later();
}

/// All that are to be called are called together, by the loop.
void AskedNames::call_soon(Done done) {
  soon_.push_back(std::move(done));
  if (soon_timer_ != 0) return;
  soon_timer_ = timers_.after(dns::Milliseconds(0), [this] {
    soon_timer_ = 0;
    for (const Done& call : std::exchange(soon_, {})) call();
  });
}

void AskedNames::forget(const LookupKey& key) {
  idle_.remove(key);
  names_.erase(key);
  publish_(key, {});
}

void AskedNames::forget_surplus() {
  while (idle_.size() > limits_.names) forget(*idle_.first_to_go());
}

void AskedNames::forget_unused() {
  const dns::Time since = timers_.now() - kUnused;
  while (const auto key = idle_.unused_since(since)) forget(*key);
  if (idle_.size() > 0) sweep_later();
}

void AskedNames::sweep_later() {
  if (sweep_timer_ != 0) return;
  sweep_timer_ = timers_.after(kUnused, [this] {
    sweep_timer_ = 0;
    forget_unused();
  });
}

}  // namespace upstream
