#include "upstream/route53_api.h"

#include <utility>

#include "upstream/aws_error.h"
#include "upstream/back_off.h"
#include "upstream/route53_refusal.h"

namespace upstream {

Route53Api::~Route53Api() {
  while (!pending_.empty()) cancel(pending_.begin()->first);
}

Route53Api::CallId Route53Api::get(Route53Call call, Done done) {
  const CallId id = ++last_;
  Pending& one = pending_[id];
  one.call = std::move(call);
  one.done = std::move(done);
  queue(id);
  return id;
}

void Route53Api::cancel(CallId id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  budget_.cancel(found->second.ticket);
  aws_.cancel(found->second.request);
  timers_.cancel(found->second.timer);
  pending_.erase(found);
}

void Route53Api::queue(CallId id) {
  pending_.at(id).ticket = budget_.take([this, id] { send(id); });
}

void Route53Api::send(CallId id) {
  Pending& one = pending_.at(id);
  auto call = aws_call(endpoint_.url + "/2013-04-01/" + one.call.path);
  if (!call.ok()) return finish(id, Route53Failure{call.error().message, "", true});
  call.value().request.query = one.call.query;
  call.value().scope = {endpoint_.signing_region, "route53"};
  call.value().timeout = kRoute53Timeout;
  call.value().max_body = kRoute53PageLimit;
  call.value().on_try = [this, id] { tried(id); };
  one.is_paid = true;
  one.request = aws_.send(std::move(call).value(),
                          [this, id](const net::HttpOutcome& outcome) { answered(id, outcome); });
}

/// Of a try with other keys or another time nobody asked the budget: it is sent at once.
void Route53Api::tried(CallId id) {
  ++counters_.requests;
  if (!std::exchange(pending_.at(id).is_paid, false)) budget_.charge();
}

void Route53Api::answered(CallId id, const net::HttpOutcome& outcome) {
  if (const auto* reply = std::get_if<net::HttpReply>(&outcome)) return answered(id, *reply);
  const auto& failure = std::get<net::HttpFailure>(outcome);
  if (failure.connected && ++pending_.at(id).broken < kBrokenTries) return try_again_later(id);
  finish(id, Route53Failure{failure.why, "", false});
}

void Route53Api::answered(CallId id, const net::HttpReply& reply) {
  Pending& one = pending_.at(id);
  if (reply.status >= 200 && reply.status < 300) {
    budget_.succeeded();
    return finish(id, reply.body);
  }
  if (is_throttling(reply)) {
    ++counters_.throttles;
    budget_.throttled();
    if (++one.throttled < kThrottledTries) return queue(id);
  } else if (reply.status >= 500 && ++one.broken < kBrokenTries) {
    return try_again_later(id);
  }
  finish(id, read_refusal(reply, one.call));
}

void Route53Api::try_again_later(CallId id) {
  Pending& one = pending_.at(id);
  one.timer = timers_.after(back_off(one.broken, random_), [this, id] { queue(id); });
}

void Route53Api::finish(CallId id, Route53Outcome outcome) {
  const auto found = pending_.find(id);
  const Done done = std::move(found->second.done);
  pending_.erase(found);
  done(std::move(outcome));
}

}  // namespace upstream
