#include "upstream/aws_api.h"

#include <utility>

#include "upstream/aws_error.h"
#include "upstream/aws_log.h"

namespace upstream {
namespace {

/// A wrong signature, wrong keys or no leave: 400, 401 or 403, by service.
bool is_refusal(const net::HttpReply& reply) {
  return reply.status == 400 || reply.status == 401 || reply.status == 403;
}

}  // namespace

AwsApi::~AwsApi() {
  while (!pending_.empty()) cancel(pending_.begin()->first);
}

AwsCallId AwsApi::send(AwsCall call, Done done) {
  const AwsCallId id = ++last_;
  Pending& one = pending_[id];
  one.call = std::move(call);
  one.done = std::move(done);
  const std::string lack = lack_of(one.call);
  if (!lack.empty()) {
    finish_later(id, net::HttpFailure{false, lack});
    return id;
  }
  credentials_.get([this, id](const dns::Result<AwsKeys>& keys) { got_keys(id, keys); });
  return id;
}

void AwsApi::cancel(AwsCallId id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  client_.cancel(found->second.request);
  timers_.cancel(found->second.timer);
  pending_.erase(found);
}

void AwsApi::got_keys(AwsCallId id, const dns::Result<AwsKeys>& keys) {
  if (!pending_.contains(id)) return;
  if (keys.ok()) {
    sign_and_send(id, keys.value());
  } else {
    finish_later(id, net::HttpFailure{false, "no AWS credentials: " + keys.error().message});
  }
}

void AwsApi::sign_and_send(AwsCallId id, const AwsKeys& keys) {
  Pending& one = pending_.at(id);
  one.keys = keys;
  one.ahead = clock_.ahead();
  if (one.call.on_try) one.call.on_try();
  one.request =
      client_.send(signed_request(one.call, keys, clock_.now()), [this, id](auto outcome) {
        pending_.at(id).request = 0;
        answered(id, std::move(outcome));
      });
}

void AwsApi::answered(AwsCallId id, net::HttpOutcome outcome) {
  Pending& one = pending_.at(id);
  const auto* reply = std::get_if<net::HttpReply>(&outcome);
  const bool refused = reply != nullptr && is_refusal(*reply);
  if (refused && is_throttling(*reply)) {
    finish(id, std::move(outcome));  // whatever else is wrong: not at once again
  } else if (refused && corrected_clock(one, *reply)) {
    sign_and_send(id, AwsKeys(one.keys));
  } else if (refused && !one.keys_renewed && blames_keys(read_aws_error(*reply))) {
    renew_keys(id, std::move(outcome));
  } else {
    finish(id, std::move(outcome));
  }
}

/// Another call may have corrected it since this one was signed.
bool AwsApi::corrected_clock(Pending& one, const net::HttpReply& reply) {
  if (one.clock_corrected) return false;
  if (clock_.correct(std::string(reply.header("date"))))
    aws_log()->warn("this host's clock is {} s {} AWS's: requests are signed with AWS's time",
                    std::chrono::abs(clock_.ahead()).count(),
                    clock_.ahead().count() > 0 ? "behind" : "ahead of");
  one.clock_corrected = one.ahead != clock_.ahead();
  return one.clock_corrected;
}

void AwsApi::renew_keys(AwsCallId id, net::HttpOutcome refusal) {
  Pending& one = pending_.at(id);
  one.keys_renewed = true;
  one.refusal = std::move(refusal);
  credentials_.renew(AwsKeys(one.keys),
                     [this, id](const dns::Result<AwsKeys>& keys) { renewed_keys(id, keys); });
}

void AwsApi::renewed_keys(AwsCallId id, const dns::Result<AwsKeys>& keys) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  if (keys.ok() && keys.value() != found->second.keys) {
    sign_and_send(id, keys.value());
  } else {
    finish_later(id, std::move(found->second.refusal));
  }
}

void AwsApi::finish(AwsCallId id, net::HttpOutcome outcome) {
  const auto found = pending_.find(id);
  const Done done = std::move(found->second.done);
  pending_.erase(found);
  done(std::move(outcome));
}

void AwsApi::finish_later(AwsCallId id, net::HttpOutcome outcome) {
  pending_.at(id).timer = timers_.after(
      dns::Milliseconds(0),
      [this, id, outcome = std::move(outcome)]() mutable { finish(id, std::move(outcome)); });
}

}  // namespace upstream
