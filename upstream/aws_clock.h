// The time as AWS has it. A host's clock may be wrong by more than the minutes
// that AWS allows a signature; the `Date` of its refusal says by how much.
//
// Control thread only.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "upstream/wall_time.h"

namespace upstream {

// AWS refuses from 5 minutes on; less is a reply that took its time.
constexpr std::chrono::minutes kSkewAllowed{4};

class AwsClock {
 public:
  /// `host` is this host's clock.
  explicit AwsClock(std::function<WallTime()> host = host_time) : host_(std::move(host)) {}

  WallTime now() const { return host_() + ahead_; }

  /// Goes by the `Date` of AWS's reply from now on, where that is too far from now().
  /// Whether it was.
  bool correct(const std::string& date) {
    const auto theirs = read_http_date(date);
    if (!theirs || std::chrono::abs(*theirs - now()) <= kSkewAllowed) return false;
    ahead_ = *theirs - host_();
    return true;
  }
  /// How far AWS is ahead of this host.
  std::chrono::seconds ahead() const { return ahead_; }

 private:
  static WallTime host_time() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }

  std::function<WallTime()> host_;
  std::chrono::seconds ahead_{0};
};

}  // namespace upstream
