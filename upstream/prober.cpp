#include "upstream/prober.h"

#include <algorithm>

namespace upstream {
namespace {

constexpr dns::Seconds kLately{300};        // how long a client's question counts
constexpr dns::Milliseconds kLook{200};     // how often services that rest are looked at
constexpr std::size_t kSlice = 10'000;      // how many of them at a time
constexpr dns::Milliseconds kSlot{100};     // in which the rate is kept
constexpr dns::Milliseconds kTogether{10};  // of thousands, so many a wake-up
constexpr std::uint64_t kJitter = 10;       // percent of the interval, either way

}  // namespace

bool Prober::Watched::is_wanted(dns::Time now) const {
  return !asked || asked->is_within(kLately, now);
}

Prober::Prober(net::Timers& timers, ProbeAsker& asker, dns::Random random, Seen seen, Limits limits)
    : timers_(timers), asker_(asker), random_(random), seen_(std::move(seen)), limits_(limits) {}

Prober::~Prober() {
  timers_.cancel(timer_);
  timers_.cancel(rest_timer_);
  for (const auto& [key, target] : targets_) asker_.cancel(target.asked);
}

void Prober::watch(const std::string& name, const conf::Probe& how, const Aims& aims,
                   std::shared_ptr<const cache::AskedMark> asked) {
  Watched& service = services_[name];
  service.how = how;
  service.asked = std::move(asked);
  std::vector<Key> gone;
  for (const auto& [instance, key] : service.targets) {
    const auto stays = aims.find(instance);
    if (stays == aims.end() || stays->second != targets_.at(key).aim) gone.push_back(key);
  }
  for (const Key key : gone) remove(key);
  for (const auto& [instance, aim] : aims) {
    if (!service.targets.contains(instance)) add(service, name, instance, aim);
  }
  run_later();
}

void Prober::forget(const std::string& name) {
  const auto service = services_.find(name);
  if (service == services_.end()) return;
  while (!service->second.targets.empty()) remove(service->second.targets.begin()->second);
  if (service->second.rests) resting_.erase(service->second.resting_at);
  services_.erase(service);
  run_later();  // some of those in flight may have been its
}

void Prober::add(Watched& service, const std::string& name, const std::string& instance,
                 const ProbeAim& aim) {
  const Key key = ++last_;
  service.targets[instance] = key;
  targets_[key] = {name, instance, aim, {}, 0};
  if (!service.rests) plan(key, timers_.now());
}

void Prober::remove(Key key) {
  const Target& target = targets_.at(key);
  if (target.asked != 0) {
    asker_.cancel(target.asked);
    --in_flight_;
  }
  due_.erase({target.due, key});
  services_.at(target.service).targets.erase(target.instance);
  targets_.erase(key);
}

void Prober::plan(Key key, dns::Time when) {
  targets_.at(key).due = when;
  due_.emplace(when, key);
}

/// Until a client asks for it again.
void Prober::rest(Watched& service) {
  service.rests = true;
  for (const auto& [instance, key] : service.targets) due_.erase({targets_.at(key).due, key});
  service.resting_at = resting_.insert(resting_.end(), &service);
  if (rest_timer_ == 0) rest_timer_ = timers_.after(kLook, [this] { look_at_rested(); });
}

/// A slice of them at a time.
void Prober::look_at_rested() {
  rest_timer_ = 0;
  for (std::size_t left = std::min(resting_.size(), kSlice); left > 0; --left) {
    Watched& service = *resting_.front();
    if (service.is_wanted(timers_.now())) {
      wake(service);
    } else {
      resting_.splice(resting_.end(), resting_, resting_.begin());
    }
  }
  if (!resting_.empty()) rest_timer_ = timers_.after(kLook, [this] { look_at_rested(); });
  run_later();
}

void Prober::wake(Watched& service) {
  service.rests = false;
  resting_.erase(service.resting_at);
  for (const auto& [instance, key] : service.targets) {
    if (targets_.at(key).asked == 0) plan(key, timers_.now());
  }
}

/// Not at once: whoever tells of a service may tell of more.
void Prober::run_later() {
  const bool full = in_flight_ >= limits_.in_flight;  // then the end of a probe goes on
  if (due_.empty() || full) return;
  const dns::Time now = timers_.now();
  const bool slot_is_full = started_ >= limits_.a_second / 10 && now < slot_ + kSlot;
  const dns::Time when = std::max(due_.begin()->first, slot_is_full ? slot_ + kSlot : now);
  if (timer_ != 0 && timer_at_ <= when) return;
  timers_.cancel(timer_);
  timer_at_ = when;
  timer_ = timers_.after(std::chrono::ceil<dns::Milliseconds>(when - now), [this] {
    timer_ = 0;
    run();
  });
}

bool Prober::may_start() {
  const dns::Time now = timers_.now();
  if (now >= slot_ + kSlot) {
    slot_ = now;
    started_ = 0;
  }
  return in_flight_ < limits_.in_flight &&
         started_ < std::max<std::size_t>(1, limits_.a_second / 10);
}

void Prober::run() {
  const dns::Time now = timers_.now();
  while (!due_.empty() && due_.begin()->first <= now + kTogether && may_start()) {
    const Key key = due_.begin()->second;
    Watched& service = services_.at(targets_.at(key).service);
    if (service.is_wanted(now)) {
      due_.erase(due_.begin());
      start(key);
    } else {
      rest(service);
    }
  }
  run_later();
}

void Prober::start(Key key) {
  Target& target = targets_.at(key);
  ++in_flight_;
  ++started_;
  target.due = timers_.now();
  target.asked = asker_.ask(target.aim, services_.at(target.service).how,
                            [this, key](const auto& result) { done(key, result); });
}

void Prober::done(Key key, const std::optional<cache::ProbeResult>& result) {
  Target& target = targets_.at(key);
  Watched& service = services_.at(target.service);
  --in_flight_;
  target.asked = 0;
  if (!service.rests) plan(key, std::max(timers_.now(), target.due + pause(service.how)));
  run_later();
  ++(!result ? figures_.untried : result->good ? figures_.good : figures_.bad);
  if (!result) return;
  const std::string name = target.service;
  const std::string instance = target.instance;
  seen_(name, instance, *result);
}

dns::Milliseconds Prober::pause(const conf::Probe& how) {
  const auto whole = static_cast<std::uint64_t>(how.interval.count());
  const std::uint64_t most = whole * kJitter / 100;
  return dns::Milliseconds(whole - most + random_.below(2 * most + 1));
}

ProberFigures Prober::figures() const {
  ProberFigures all = figures_;
  all.instances = targets_.size();
  all.in_flight = in_flight_;
  return all;
}

}  // namespace upstream
