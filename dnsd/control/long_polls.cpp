#include "dnsd/control/long_polls.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace signpost {
namespace {

// Of the time from one look to the next, the look takes one part in so many.
constexpr int kRest = 5;

}  // namespace

LongPolls::~LongPolls() {
  timers_.cancel(looking_);
  for (const auto& [id, waiting] : waiting_) timers_.cancel(waiting.deadline);
}

void LongPolls::add(LongPoll poll, dns::Milliseconds wait) {
  const Id id = ++last_;
  const net::TimerId deadline = timers_.after(wait, [this, id] { end(id); });
  waiting_.emplace(id, Waiting{std::move(poll), deadline});
}

void LongPolls::end(Id id) {
  auto ended = waiting_.extract(id);
  LongPoll& poll = ended.mapped().poll;
  poll.answerer.answer(time_is_up_(poll.question));
}

void LongPolls::changed() {
  if (waiting_.empty() || looking_ != 0) return;
  const auto rest = std::max(dns::Clock::duration(0), not_before_ - timers_.now());
  looking_ = timers_.after(std::chrono::ceil<dns::Milliseconds>(rest), [this] {
    looking_ = 0;
    look_at_all();
  });
}

void LongPolls::look_at_all() {
  const dns::Time began = timers_.exact_now();
  std::vector<std::pair<net::HttpAnswerer, net::HttpAnswer>> answered;
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    auto answer = look_(at->second.poll.question);
    if (!answer) {
      ++at;
      continue;
    }
    timers_.cancel(at->second.deadline);
    answered.emplace_back(std::move(at->second.poll.answerer), *std::move(answer));
    at = waiting_.erase(at);
  }
  not_before_ = timers_.now() + kRest * (timers_.exact_now() - began);
  for (auto& [answerer, answer] : answered) answerer.answer(std::move(answer));
}

}  // namespace signpost
