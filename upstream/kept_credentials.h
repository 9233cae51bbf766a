// Keys for AWS, fetched when first asked for, kept, and fetched anew in the
// background before they run out.
//
// Until they really run out the old ones are good: nobody waits for new ones, and a
// place that fails is left alone for 1 to 36 s. Many askers share one fetch. Keys
// without an end (a file) are read again now and then, since somebody may change them.
//
// Control thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dnsd/dns/random.h"
#include "dnsd/net/timers.h"
#include "upstream/aws_clock.h"
#include "upstream/aws_credentials.h"
#include "upstream/key_place.h"

namespace upstream {

// A changed file of keys is seen after this.
constexpr std::chrono::seconds kEndlessKeysReadAgain{60};
// AWS refuses keys at most this often before we look for others.
constexpr std::chrono::seconds kRenewPause{10};
// While nobody has keys: tries of one fetch, a second apart, before the askers hear of it.
constexpr unsigned kFetchTries = 3;

class KeptCredentials final : public AwsCredentials {
 public:
  /// `timers` and `clock` must outlive this.
  KeptCredentials(std::unique_ptr<KeyPlace> place, net::Timers& timers, const AwsClock& clock,
                  dns::Random random)
      : place_(std::move(place)), timers_(timers), clock_(clock), random_(random) {}
  ~KeptCredentials() override;
  KeptCredentials(const KeptCredentials&) = delete;
  KeptCredentials& operator=(const KeptCredentials&) = delete;

  /// Takes over what `before` has, so that a reload waits for nobody, and looks for
  /// what is there now in the background.
  void adopt(const KeptCredentials& before);

  void get(Done done) override;
  void renew(const AwsKeys& refused, Done done) override;

 private:
  bool are_good() const;
  bool is_resting() const { return timers_.now() < rest_until_; }
  void fetch();
  void fetched(KeyOutcome outcome);
  void take(KeySet set);
  void fail(const KeyFailure& failure);
  void fetch_again_before_the_end();
  void fetch_after(dns::Milliseconds delay);
  void tell(const std::vector<Done>& waiting);
  dns::Result<AwsKeys> word() const;

  std::unique_ptr<KeyPlace> place_;
  net::Timers& timers_;
  const AwsClock& clock_;
  dns::Random random_;
  std::optional<KeySet> set_;  // the last one, whether or not it is still good
  std::optional<WallTime>
      fetch_at_;           // of a set that is good: the timer's moment on the clock's face
  std::string failure_;    // of the last fetch; empty: it went well
  unsigned failures_ = 0;  // in a row
  unsigned tries_ = 0;     // of the fetch on its way
  bool fetching_ = false;
  dns::Time rest_until_{};  // after a failure
  dns::Time renew_after_{};
  net::TimerId timer_ = 0;
  std::vector<Done> waiting_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace upstream
