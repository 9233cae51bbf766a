#include "dnsd/net/timer_queue.h"

#include <utility>

namespace net {

TimerId TimerQueue::add(dns::Time when, std::function<void()> fire) {
  const TimerId id = ++last_;
  due_.emplace(Key{when, id}, std::move(fire));
  when_.emplace(id, when);
  return id;
}

void TimerQueue::cancel(TimerId id) {
  const auto known = when_.find(id);
  if (known == when_.end()) return;
  due_.erase(Key{known->second, id});
  when_.erase(known);
}

std::optional<dns::Time> TimerQueue::next() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first.first;
}

std::optional<std::function<void()>> TimerQueue::take_due(dns::Time now) {
  if (due_.empty() || due_.begin()->first.first > now) return std::nullopt;
  auto first = due_.extract(due_.begin());
  when_.erase(first.key().second);
  return std::move(first.mapped());
}

}  // namespace net
