#include "upstream/kept_credentials.h"

#include <algorithm>
#include <utility>

#include "upstream/aws_log.h"
#include "upstream/back_off.h"
#include "upstream/key_lifetime.h"

namespace upstream {
namespace {

constexpr dns::Milliseconds kTryPause{1'000};

}  // namespace

KeptCredentials::~KeptCredentials() {
  timers_.cancel(timer_);
}

void KeptCredentials::adopt(const KeptCredentials& before) {
  if (set_ || !before.are_good()) return;
  set_ = before.set_;
  fetch_at_ = clock_.now();
  if (!fetching_) fetch_after(dns::Milliseconds(0));
}

bool KeptCredentials::are_good() const {
  return set_ && (!set_->expires || clock_.now() < *set_->expires);
}

dns::Result<AwsKeys> KeptCredentials::word() const {
  if (are_good()) return set_->keys;
  return dns::Error{failure_};
}

void KeptCredentials::get(Done done) {
  const bool due = !are_good() || clock_.now() >= *fetch_at_;
  if (are_good()) {
    if (due && !fetching_ && !is_resting()) fetch_after(dns::Milliseconds(0));
    done(word());
  } else if (!fetching_ && is_resting()) {
    done(word());
  } else {
    waiting_.push_back(std::move(done));
    if (!fetching_) fetch();
  }
}

void KeptCredentials::renew(const AwsKeys& refused, Done done) {
  const bool others = set_ && set_->keys != refused;
  if (fetching_) {
    waiting_.push_back(std::move(done));
  } else if (others || is_resting() || timers_.now() < renew_after_) {
    get(std::move(done));
  } else {
    renew_after_ = timers_.now() + kRenewPause;
    waiting_.push_back(std::move(done));
    fetch();
  }
}

void KeptCredentials::fetch() {
  timers_.cancel(std::exchange(timer_, 0));
  fetching_ = true;
  ++tries_;
  place_->fetch([this](KeyOutcome outcome) { fetched(std::move(outcome)); });
}

void KeptCredentials::fetch_after(dns::Milliseconds delay) {
  timers_.cancel(timer_);
  timer_ = timers_.after(delay, [this] {
    timer_ = 0;
    fetch();
  });
}

void KeptCredentials::fetched(KeyOutcome outcome) {
  const auto* failure = std::get_if<KeyFailure>(&outcome);
  if (failure != nullptr && failure->passing && !waiting_.empty() && tries_ < kFetchTries) {
    fetch_after(kTryPause);
    return;
  }
  fetching_ = false;
  tries_ = 0;
  if (failure != nullptr) {
    fail(*failure);
  } else {
    take(std::get<KeySet>(std::move(outcome)));
  }
  tell(std::exchange(waiting_, {}));
}

void KeptCredentials::take(KeySet set) {
  if (set.expires && *set.expires <= clock_.now()) {
    fail({set.place + " hands out keys that ran out at " + to_text(*set.expires) +
          ", and this host's clock says " + to_text(clock_.now())});
    return;
  }
  if (!set_ || !failure_.empty() || set_->place != set.place)
    aws_log()->info("credentials: from {}", set.place);
  set_ = std::move(set);
  failure_.clear();
  failures_ = 0;
  rest_until_ = {};
  fetch_again_before_the_end();
}

void KeptCredentials::fetch_again_before_the_end() {
  if (!set_->expires) {
    fetch_at_ = clock_.now() + kEndlessKeysReadAgain;  // by who asks then: no timer for it
    return;
  }
  const auto delay = fetch_again_in(*set_->expires - clock_.now(), random_);
  fetch_at_ = clock_.now() + delay;
  fetch_after(delay);
}

void KeptCredentials::fail(const KeyFailure& failure) {
  if (failure.why != failure_)
    aws_log()->warn("credentials: {}{}", are_good() ? "kept those that were there: " : "",
                    failure.why);
  failure_ = failure.why;
  const dns::Milliseconds rest = back_off(++failures_, random_);
  rest_until_ = timers_.now() + rest;
  if (set_ && set_->expires) fetch_after(rest);
}

/// A `done` may destroy this, and then nobody else is told.
void KeptCredentials::tell(const std::vector<Done>& waiting) {
  const std::weak_ptr<bool> alive = alive_;
  const dns::Result<AwsKeys> said = word();
  for (const Done& done : waiting) {
    if (alive.expired()) return;
    done(said);
  }
}

}  // namespace upstream
