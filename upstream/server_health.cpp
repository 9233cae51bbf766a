#include "upstream/server_health.h"

#include <algorithm>
#include <utility>

namespace upstream {
namespace {

constexpr dns::Seconds kRankHalvesIn{30};
constexpr dns::Clock::duration::rep kHalvingsMost = 30;

}  // namespace

ServerHealth::News ServerHealth::answered(Duration took, dns::Time now) {
  if (measured_) {
    const Duration error = took - smoothed_;
    deviation_ += (std::max(error, -error) - deviation_) / 4;
    smoothed_ += error / 8;
  } else {
    measured_ = true;
    smoothed_ = took;
    deviation_ = took / 2;
  }
  last_answer_ = now;
  failures_ = 0;
  pause_ = kPauseLeast;
  if (!passed_over_) return News::none;
  passed_over_ = probing_ = false;
  return News::back;
}

ServerHealth::News ServerHealth::failed(dns::Time asked, dns::Time now) {
  if (asked < last_failure_) return News::none;
  last_failure_ = now;
  ++failures_;
  if (failures_ < kFailuresToPassOver || (passed_over_ && !probing_)) return News::none;
  probing_ = false;
  paused_until_ = now + pause_;
  pause_ = std::min(pause_ * 2, kPauseMost);
  return std::exchange(passed_over_, true) ? News::none : News::passed_over;
}

ServerHealth::News ServerHealth::given_up(dns::Time now) {
  if (passed_over_) return News::none;
  failures_ = std::max(failures_, kFailuresToPassOver - 1);
  return failed(now, now);
}

dns::Milliseconds ServerHealth::try_for() const {
  if (!measured_) return kFirstTry;
  const auto wanted = std::chrono::ceil<dns::Milliseconds>(smoothed_ + 4 * deviation_);
  return std::clamp(wanted, kTryLeast, kTryMost);
}

void ServerHealth::asking(dns::Time now) {
  if (!wants_probe(now)) return;
  probing_ = true;
  paused_until_ = now + kTryMost;
}

ServerHealth::Duration ServerHealth::rank(dns::Time now) const {
  if (!measured_) return Duration(0);
  const auto halvings = std::min((now - last_answer_) / kRankHalvesIn, kHalvingsMost);
  return smoothed_ / (Duration::rep{1} << halvings);
}

}  // namespace upstream
