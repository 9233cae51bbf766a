// What upstream failed to answer lately (RFC 9520): not to be asked again for a
// while, 1 s at first, doubling with each failure in a row to 5 minutes.
//
// Apart from the answers, so that a failure never takes the place of one. No
// clock: callers pass `now`. Bounded: of what fails, the part that is over
// soonest goes first. One for the process; safe on any thread.
#pragma once

#include <array>
#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "cache/answer_key.h"
#include "dnsd/dns/time.h"

namespace cache {

constexpr dns::Seconds kFailurePauseLeast{1};
constexpr dns::Seconds kFailurePauseMost{300};
/// While there is an old answer to give, upstream is asked this often at least (RFC 8767, 5).
constexpr dns::Seconds kStaleRecheck{30};

class FailureCache {
 public:
  struct Failure {
    dns::ExtendedError error = dns::ExtendedError::OTHER;
    dns::Time failed;
    dns::Time until;  // when upstream may be asked again
  };

  /// What is to be left alone now; nothing: ask.
  std::optional<Failure> find(const AnswerKey& key, dns::Time now);
  void failed(const AnswerKey& key, dns::ExtendedError error, dns::Time now);
  /// The failures in a row are over.
  void answered(const AnswerKey& key);
  /// Everything may be asked again: there are other servers, or one is back.
  void forget();

 private:
  struct Slot {
    std::uint64_t hash = 0;  // seeded by chance: two questions do not share one
    dns::Time failed, until;
    std::uint16_t pause = 0;  // seconds; 0: the slot is free
    dns::ExtendedError error = dns::ExtendedError::OTHER;
  };
  static constexpr std::size_t kSets = 1024;
  static constexpr std::size_t kWays = 4;
  using Set = std::array<Slot, kWays>;

  Slot* slot_of(std::uint64_t hash);
  Slot& slot_for(std::uint64_t hash);

  std::atomic<bool> any_{false};  // false: nothing failed, and nobody needs the lock
  std::mutex lock_;
  std::vector<Set> sets_;  // guarded by `lock_`; none before the first failure
};

}  // namespace cache
