#include "cache/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace cache {
namespace {

using dns::Time;

constexpr double kRampStart = 0.1;
constexpr auto kFallsCount = std::chrono::minutes(10);
constexpr unsigned kMostDamping = 16;
constexpr int kSteps = 20;          // of a ramp or a slide: none is more than a tenth
constexpr double kRounding = 1e-6;  // of a product of doubles
constexpr std::size_t kMostFault = 100;
constexpr dns::Milliseconds kShortestStep{20};

double share(Time::duration part, Time::duration whole) {
  return std::chrono::duration<double>(part) / std::chrono::duration<double>(whole);
}

/// 1 while data of `age` counts, then less and less, and 0 when it is twice `max_age` old.
double confidence(Time::duration age, dns::Milliseconds max_age) {
  return std::clamp(2 - share(age, max_age), 0.0, 1.0);
}

Time step_after(Time now, dns::Milliseconds whole) {
  return now + std::max(whole / kSteps, kShortestStep);
}

}  // namespace

std::string_view to_text(HealthState state) {
  switch (state) {
    case HealthState::up:
      return "up";
    case HealthState::ramping:
      return "ramping";
    case HealthState::fading:
      return "fading";
    case HealthState::out:
      break;
  }
  return "out";
}

InstanceHealth::InstanceHealth(Status word, bool joined, Time now)
    : word_(word), joined_(joined), heard_(now), since_(now) {
  if (joined && is_good()) ramp_from_ = now;
}

void InstanceHealth::told(Status word, Time heard, const conf::Health& rules, Time now) {
  const double before = level(rules, now) * ramp(rules, now);
  const bool was_good = is_good();
  word_ = word;
  heard_ = heard;
  follow(before, was_good, rules, now);
}

void InstanceHealth::probed(const ProbeResult& result, const conf::Probe& probe,
                            const conf::Health& rules, Time now) {
  const double before = level(rules, now) * ramp(rules, now);
  const bool was_good = is_good();
  const bool forgotten = probed_ && confidence(now - probed_->last, rules.max_age) == 0;
  if (!probed_ || forgotten) {
    probed_ = Probed{};
    probed_->out = word_ == Status::unhealthy;
    probed_->needed = probe.rise;
  }
  std::erase_if(falls_, [now](Time fall) { return now - fall >= kFallsCount; });
  probed_->last = now;
  if (result.good) {
    see_good(probe.rise, now);
  } else {
    see_bad(result, joined_ ? 1 : probe.fall, now);
  }
  joined_ = false;
  follow(before, was_good, rules, now);
}

void InstanceHealth::see_good(unsigned rise, Time now) {
  ++probed_->good_in_row;
  probed_->bad_in_row = 0;
  if (!probed_->out) return;
  probed_->needed = needed(rise, now);
  if (probed_->good_in_row >= probed_->needed) probed_->out = false;
}

void InstanceHealth::see_bad(const ProbeResult& result, unsigned fall, Time now) {
  ++probed_->bad_in_row;
  probed_->good_in_row = 0;
  probed_->last_bad = now;
  probed_->fault = result.fault.substr(0, kMostFault);
  if (probed_->out || probed_->bad_in_row < fall) return;
  probed_->out = true;
  falls_.push_back(now);
}

/// Flap damping: each fall of the last minutes doubles what it takes to come back.
unsigned InstanceHealth::needed(unsigned rise, Time now) const {
  const auto n = std::count_if(falls_.begin(), falls_.end(),
                               [now](Time fall) { return now - fall < kFallsCount; });
  const auto doublings = std::clamp<std::ptrdiff_t>(n - 1, 0, 4);
  return rise * std::min(1U << doublings, kMostDamping);
}

/// After an event: whoever turned better than it stood begins a ramp there.
void InstanceHealth::follow(double before, bool was_good, const conf::Health& rules, Time now) {
  const bool good = is_good();
  if (good != was_good) since_ = now;
  if (!good) ramp_from_.reset();
  const double after = level(rules, now);
  if (!good || was_good || before >= after || rules.slow_start.count() == 0) return;
  const double start = std::max(kRampStart, before / after);
  const std::chrono::duration<double, std::milli> whole = rules.slow_start;
  ramp_from_ = now - std::chrono::duration_cast<Time::duration>(
                         whole * ((start - kRampStart) / (1 - kRampStart)));
}

double InstanceHealth::word_level(const conf::Health& rules, Time now) const {
  return word_ == Status::unhealthy ? 1 - confidence(now - heard_, rules.max_age) : 1;
}

/// Without the ramp.
double InstanceHealth::level(const conf::Health& rules, Time now) const {
  const double word = word_level(rules, now);
  if (!probed_) return word;
  const double sure = confidence(now - probed_->last, rules.max_age);
  return sure * (probed_->out ? 0 : 1) + (1 - sure) * word;
}

double InstanceHealth::ramp(const conf::Health& rules, Time now) const {
  if (!ramp_from_ || rules.slow_start.count() == 0) return 1;
  const double done = share(now - *ramp_from_, rules.slow_start);
  return std::clamp(kRampStart + (1 - kRampStart) * done, kRampStart, 1.0);
}

HealthState InstanceHealth::state(double level, double ramp) const {
  if (level == 0) return HealthState::out;
  if (level < 1) return HealthState::fading;
  return ramp < 1 ? HealthState::ramping : HealthState::up;
}

HealthVerdict InstanceHealth::verdict(const conf::Health& rules, Time now) const {
  const double level = this->level(rules, now);
  const double ramp = this->ramp(rules, now);
  HealthVerdict verdict;
  verdict.factor = std::max(0.0, std::ceil(100 * level * ramp - kRounding)) / 100;
  verdict.state = state(level, ramp);
  verdict.since = since_;
  verdict.changes_at = changes_at(rules, now);
  explain(verdict, level, ramp);
  return verdict;
}

/// When the factor moves by itself: a step of what moves now, or the beginning of a slide.
Time InstanceHealth::changes_at(const conf::Health& rules, Time now) const {
  Time next = Time::max();
  const auto slide = [&](Time heard) {
    const Time begins = heard + rules.max_age;
    if (now >= begins + rules.max_age) return;
    next = std::min(
        next, now < begins ? begins + rules.max_age / kSteps : step_after(now, rules.max_age));
  };
  if (ramp(rules, now) < 1) next = step_after(now, rules.slow_start);
  const double word = word_level(rules, now);
  if (probed_ && (probed_->out || word < 1)) slide(probed_->last);
  if (word_ == Status::unhealthy) slide(heard_);
  return next;
}

std::string InstanceHealth::why_of_probes() const {
  const Probed& seen = *probed_;
  if (seen.out && seen.good_in_row > 0) {
    const std::string so_far =
        fmt::format("probe good {} of {} times to come back", seen.good_in_row, seen.needed);
    return seen.fault.empty() ? so_far : so_far + fmt::format(", last failed \"{}\"", seen.fault);
  }
  if (seen.bad_in_row == 0) return "probe good";
  return fmt::format("probe failed {} time{}, last \"{}\"", seen.bad_in_row,
                     seen.bad_in_row == 1 ? "" : "s", seen.fault);
}

void InstanceHealth::explain(HealthVerdict& verdict, double level, double ramp) const {
  std::string& why = verdict.why;
  const auto add = [&why](const std::string& clause) { why += (why.empty() ? "" : "; ") + clause; };
  if (level > 0 && level < 1) {
    add(fmt::format("health data is old and counts less and less, factor {:.2f}", level));
  }
  if (level > 0 && ramp < 1) add(fmt::format("slow start at {:.0f} %", 100 * ramp));
  if (!probed_) return;
  add(why_of_probes());
  if (!probed_->fault.empty() && (probed_->out || probed_->bad_in_row > 0)) {
    verdict.seen = probed_->last_bad;
  }
}

bool InstanceHealth::is_plain(const conf::Health& rules, Time now) const {
  return !probed_ && !joined_ && word_ != Status::unhealthy && ramp(rules, now) == 1;
}

}  // namespace cache
