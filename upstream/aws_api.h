// Asks AWS: takes keys, signs, sends. What only a second try can mend is tried
// again: once with AWS's own time where this host's clock is wrong, once with other keys
// where these have expired.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>

#include "dnsd/net/http_client.h"
#include "dnsd/net/timers.h"
#include "upstream/aws_call.h"
#include "upstream/aws_clock.h"
#include "upstream/aws_credentials.h"

namespace upstream {

using AwsCallId = std::uint64_t;  // 0 is no call

class AwsApi {
 public:
  using Done = std::function<void(net::HttpOutcome)>;

  /// All must outlive this; the clock may be shared.
  AwsApi(AwsCredentials& credentials, net::HttpClient& client, net::Timers& timers, AwsClock& clock)
      : credentials_(credentials), client_(client), timers_(timers), clock_(clock) {}
  ~AwsApi();
  AwsApi(const AwsApi&) = delete;
  AwsApi& operator=(const AwsApi&) = delete;

  /// `done` hears what the server said last, whatever that is, or why nothing could be
  /// sent (no keys: a failure without connection). It is called exactly once, never before
  /// send() returns, and not at all once cancelled or once this is destroyed.
  AwsCallId send(AwsCall call, Done done);
  /// Forgets a call. One that is done, or 0, is nothing to forget.
  void cancel(AwsCallId id);

 private:
  struct Pending {
    AwsCall call;
    Done done;
    AwsKeys keys;                    // of the last try
    net::HttpRequestId request = 0;  // on its way
    net::TimerId timer = 0;          // that says that there are no keys
    std::chrono::seconds ahead{0};   // the clock's correction when that was signed
    bool clock_corrected = false;
    bool keys_renewed = false;
    net::HttpOutcome refusal;  // of the try that new keys are fetched for
  };

  void sign_and_send(AwsCallId id, const AwsKeys& keys);
  void got_keys(AwsCallId id, const dns::Result<AwsKeys>& keys);
  void answered(AwsCallId id, net::HttpOutcome outcome);
  bool corrected_clock(Pending& one, const net::HttpReply& reply);
  void renew_keys(AwsCallId id, net::HttpOutcome refusal);
  void renewed_keys(AwsCallId id, const dns::Result<AwsKeys>& keys);
  void finish(AwsCallId id, net::HttpOutcome outcome);
  void finish_later(AwsCallId id, net::HttpOutcome outcome);

  AwsCredentials& credentials_;
  net::HttpClient& client_;
  net::Timers& timers_;
  AwsClock& clock_;
  AwsCallId last_ = 0;
  std::map<AwsCallId, Pending> pending_;
};

}  // namespace upstream
