// Where the keys come from with which requests to AWS are signed.
//
// Control thread only.
#pragma once

#include <functional>

#include "dnsd/dns/result.h"
#include "upstream/sigv4.h"

namespace upstream {

class AwsCredentials {
 public:
  using Done = std::function<void(dns::Result<AwsKeys>)>;

  virtual ~AwsCredentials() = default;
  /// The keys to sign the next request with: one set, for one signature. `done`
  /// is called exactly once, at once when keys are at hand, and not at all once this
  /// is destroyed. The error names each place that was looked at and what was found.
  virtual void get(Done done) = 0;
  /// As get(), after AWS said that `refused` are expired or unknown: others are fetched
  /// where that may help, else `done` hears the same again.
  virtual void renew(const AwsKeys& refused, Done done) = 0;
};

}  // namespace upstream
