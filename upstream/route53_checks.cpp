#include "upstream/route53_checks.h"

#include <algorithm>
#include <utility>

#include "upstream/aws_log.h"

namespace upstream {
namespace {

// The API's own bound.
constexpr const char* kMostChecks = "1000";

}  // namespace

using cache::Status;
using dns::Milliseconds;

Route53Checks::~Route53Checks() {
  api_.cancel(call_);
  timers_.cancel(timer_);
}

void Route53Checks::want(std::set<std::string> ids) {
  const auto is_unwanted = [&](const auto& known) { return !ids.contains(known.first); };
  std::erase_if(verdicts_, is_unwanted);
  std::erase_if(forms_, is_unwanted);
  std::erase_if(unasked_, [&](const std::string& id) { return !ids.contains(id); });
  bool any_new = false;
  for (const std::string& id : ids) {
    if (wanted_.contains(id)) continue;
    unasked_.insert(id);
    any_new = true;
  }
  wanted_ = std::move(ids);
  if (any_new) {  // their forms are not known
    list_after_.reset();
    forms_stand_ = false;
  }
  const bool idle = call_ == 0 && (timer_ == 0 || any_new);
  if (idle && !wanted_.empty()) ask_later();
}

void Route53Checks::ask_later() {
  timers_.cancel(std::exchange(timer_, 0));
  if (wanted_.empty()) return;
  const auto share = kChecksRound / static_cast<int>(wanted_.size());
  const Milliseconds gap = unasked_.empty() ? std::max(share, kChecksGapLeast) : kFirstCheckGap;
  timer_ = timers_.after(gap, [this] {
    timer_ = 0;
    ask();
  });
}

/// In the order of ids, but those never asked for first. REQUIRES: some are wanted.
std::string Route53Checks::next_to_ask() const {
  if (!unasked_.empty()) return *unasked_.begin();
  const auto next = wanted_.upper_bound(last_asked_);
  return next == wanted_.end() ? *wanted_.begin() : *next;
}

void Route53Checks::list(const std::string& marker) {
  marker_ = marker;
  Route53Call call{"ListHealthChecks", "*", "healthcheck", {{"maxitems", kMostChecks}}};
  if (!marker.empty()) call.query.emplace_back("marker", marker);
  call_ = api_.get(std::move(call), [this](const Route53Outcome& outcome) { listed(outcome); });
}

/// Where the list may not be read all checks count as plain ones; a failure that passes
/// leaves new ones unknown until the next try.
void Route53Checks::listed(const Route53Outcome& outcome) {
  call_ = 0;
  list_after_ = timers_.now() + kCheckListAge;
  if (const auto* failure = std::get_if<Route53Failure>(&outcome)) {
    if (!failure->lasting) list_after_ = timers_.now() + kCheckListRetry;
    forms_stand_ = forms_stand_ || failure->lasting;
    say(failure->why);
    return ask();
  }
  const auto page = read_health_checks_page(std::get<std::string>(outcome));
  if (!page.ok()) {
    say("ListHealthChecks: " + page.error().message);
    return ask();
  }
  for (const auto& [id, form] : page.value().forms) {
    if (wanted_.contains(id)) forms_[id] = form;
  }
  const std::string& next = page.value().next;
  if (!next.empty() && next != marker_) return list(next);
  forms_stand_ = true;
  ask();
}

void Route53Checks::ask() {
  if (wanted_.empty()) return;
  if (!list_after_ || timers_.now() >= *list_after_) return list("");
  const std::string id = next_to_ask();
  unasked_.erase(id);
  last_asked_ = id;
  if (!is_asked_for(id)) {
    ask_later();
    return take(id, forms_.at(id).disabled ? Status::healthy : Status::unknown);
  }
  call_ = api_.get({"GetHealthCheckStatus",
                    "arn:aws:route53:::healthcheck/" + id,
                    "healthcheck/" + percent_encoded(id) + "/status",
                    {}},
                   [this, id](const Route53Outcome& outcome) { heard(id, outcome); });
}

bool Route53Checks::is_asked_for(const std::string& id) const {
  const auto form = forms_.find(id);
  return form == forms_.end() || !(form->second.disabled || form->second.calculated);
}

void Route53Checks::heard(const std::string& id, const Route53Outcome& outcome) {
  call_ = 0;
  ask_later();
  if (const auto* failure = std::get_if<Route53Failure>(&outcome)) {
    say(failure->why);
    // It is no more, or of a kind that has no status.
    const bool has_none = failure->code == "NoSuchHealthCheck" || failure->code == "InvalidInput";
    if (has_none) take(id, Status::unknown);
    return;
  }
  const auto checkers = read_health_check_status(std::get<std::string>(outcome));
  if (!checkers.ok()) return say("GetHealthCheckStatus: " + checkers.error().message);
  take(id, verdict_of(id, checkers.value()));
}

void Route53Checks::say(const std::string& why) {
  if (std::exchange(said_, why) != why) aws_log()->warn("route53: a health check: {}", why);
}

Status Route53Checks::verdict_of(const std::string& id, const Route53Checkers& checkers) const {
  if (checkers.all == 0) return Status::unknown;
  const auto form = forms_.find(id);
  if (form == forms_.end() && !forms_stand_) return Status::unknown;
  const bool inverted = form != forms_.end() && form->second.inverted;
  return checkers.say_healthy() != inverted ? Status::healthy : Status::unhealthy;
}

void Route53Checks::take(const std::string& id, Status verdict) {
  if (!wanted_.contains(id)) return;
  const auto known = verdicts_.find(id);
  const Status before = known == verdicts_.end() ? Status::unknown : known->second;
  verdicts_[id] = verdict;
  if (before != verdict) changed_();
}

}  // namespace upstream
