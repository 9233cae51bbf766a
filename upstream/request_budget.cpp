#include "upstream/request_budget.h"

#include <algorithm>
#include <utility>

#include "upstream/back_off.h"

namespace upstream {

using dns::Milliseconds;

RequestBudget::RequestBudget(net::Timers& timers, dns::Random random)
    : timers_(timers),
      random_(random),
      credit_(kRequestPeriod * kRequestBurst),
      filled_(timers.now()),
      not_before_(timers.now()) {}

RequestBudget::~RequestBudget() {
  timers_.cancel(timer_);
}

void RequestBudget::adopt(const RequestBudget& before) {
  credit_ = before.credit_;
  filled_ = before.filled_;
  not_before_ = before.not_before_;
  refusals_ = before.refusals_;
}

RequestBudget::Ticket RequestBudget::take(std::function<void()> go) {
  waiting_.push_back({++last_ticket_, std::move(go)});
  schedule();
  return last_ticket_;
}

void RequestBudget::cancel(Ticket ticket) {
  std::erase_if(waiting_, [&](const Waiting& one) { return one.ticket == ticket; });
}

void RequestBudget::throttled() {
  not_before_ = std::max(not_before_, timers_.now() + back_off(++refusals_, random_));
}

void RequestBudget::refill() {
  const dns::Time now = timers_.now();
  const auto passed = std::chrono::duration_cast<Milliseconds>(now - filled_);
  credit_ = std::min(credit_ + passed, Milliseconds(kRequestPeriod * kRequestBurst));
  filled_ += passed;  // what is less than a millisecond counts the next time
}

Milliseconds RequestBudget::wait() const {
  const auto rest = std::chrono::ceil<Milliseconds>(not_before_ - timers_.now());
  return std::max({kRequestPeriod - credit_, rest, Milliseconds(0)});
}

void RequestBudget::schedule() {
  if (timer_ != 0 || waiting_.empty()) return;
  refill();
  timer_ = timers_.after(wait(), [this] { serve(); });
}

void RequestBudget::serve() {
  timer_ = 0;
  refill();
  if (waiting_.empty()) return;
  if (wait() > Milliseconds(0)) return schedule();
  const auto go = std::move(waiting_.front().go);
  waiting_.pop_front();
  charge();
  schedule();
  go();
}

void RequestBudget::charge() {
  credit_ -= kRequestPeriod;
  not_before_ = std::max(not_before_, timers_.now() + kRequestGap);
}

}  // namespace upstream
