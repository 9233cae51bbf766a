#include "upstream/deadlines.h"

#include <algorithm>

namespace upstream {
namespace {

constexpr std::size_t kSweepLeast = 128;

}  // namespace

Deadlines::Deadlines(net::Timers& timers, std::function<bool(FlightId)> alive,
                     std::function<void(FlightId)> due)
    : timers_(timers), alive_(std::move(alive)), due_(std::move(due)), sweep_at_(kSweepLeast) {}

Deadlines::~Deadlines() {
  timers_.cancel(timer_);
}

void Deadlines::add(dns::Time when, FlightId id) {
  if (heap_.size() >= sweep_at_) sweep();
  heap_.push_back({when, id});
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  if (timer_ == 0 || when < armed_for_) arm();
}

void Deadlines::sweep() {
  std::erase_if(heap_, [&](const Entry& entry) { return !alive_(entry.id); });
  std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  sweep_at_ = std::max(kSweepLeast, heap_.size() * 2);
}

void Deadlines::pop() {
  std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
  heap_.pop_back();
}

void Deadlines::drop_dead_front() {
  while (!heap_.empty() && !alive_(heap_.front().id)) pop();
}

void Deadlines::arm() {
  timers_.cancel(timer_);
  timer_ = 0;
  if (heap_.empty()) return;
  armed_for_ = heap_.front().when;
  const auto delay = std::chrono::ceil<dns::Milliseconds>(armed_for_ - timers_.now());
  timer_ = timers_.after(std::max(delay, dns::Milliseconds(0)), [this] { fire(); });
}

void Deadlines::fire() {
  timer_ = 0;
  const dns::Time now = timers_.now();
  std::vector<FlightId> due;
  for (drop_dead_front(); !heap_.empty() && heap_.front().when <= now; drop_dead_front()) {
    due.push_back(heap_.front().id);
    pop();
  }
  arm();
  for (const FlightId id : due) {
    if (alive_(id)) due_(id);
  }
}

}  // namespace upstream
