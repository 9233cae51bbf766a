// The keys of a role, from STS, for a token that somebody else signed: EKS's
// service accounts, and any OpenID provider. The token's file is read for each request.
//
// Control thread only.
#pragma once

#include <string>

#include "dnsd/dns/result.h"
#include "dnsd/net/http_client.h"
#include "upstream/aws_clock.h"
#include "upstream/aws_environment.h"
#include "upstream/aws_profile.h"
#include "upstream/key_place.h"

namespace upstream {

struct WebIdentity {
  std::string token_file;
  std::string role_arn;
  std::string session_name = "signpost";
  std::string url;     // of STS
  std::string source;  // `AWS_WEB_IDENTITY_TOKEN_FILE`, for sentences
};

/// Of the environment, what is missing there of the profile. REQUIRES: one of the two has
/// a token's file. Error: there is no role.
dns::Result<WebIdentity> web_identity(const AwsEnvironment& environment, const AwsProfile& profile);

class WebIdentityKeys final : public KeyPlace {
 public:
  /// `client` and `clock` must outlive this. STS's time corrects the clock.
  WebIdentityKeys(WebIdentity identity, net::HttpClient& client, AwsClock& clock)
      : identity_(std::move(identity)), client_(client), clock_(clock) {}
  ~WebIdentityKeys() override;
  WebIdentityKeys(const WebIdentityKeys&) = delete;
  WebIdentityKeys& operator=(const WebIdentityKeys&) = delete;

  void fetch(Done done) override;

 private:
  KeyOutcome read(const net::HttpOutcome& outcome);

  WebIdentity identity_;
  net::HttpClient& client_;
  AwsClock& clock_;
  net::HttpRequestId request_ = 0;
};

}  // namespace upstream
