// The keys of an EC2 instance's role, from the host's metadata service, version 2
// only: a token, the role's name, its keys.
//
// A service that hands out keys at their very end has trouble of its own; AWS goes on
// taking those keys then, so they get a later end here ("static stability").
//
// Control thread only.
#pragma once

#include <string>

#include "dnsd/dns/random.h"
#include "dnsd/net/http_client.h"
#include "upstream/aws_clock.h"
#include "upstream/aws_environment.h"
#include "upstream/key_place.h"

namespace upstream {

class InstanceKeys final : public KeyPlace {
 public:
  /// `client` and `clock` must outlive this.
  InstanceKeys(const AwsEnvironment& environment, net::HttpClient& client, const AwsClock& clock,
               dns::Random& random);
  ~InstanceKeys() override;
  InstanceKeys(const InstanceKeys&) = delete;
  InstanceKeys& operator=(const InstanceKeys&) = delete;

  void fetch(Done done) override;

 private:
  void ask_for_token();
  void ask_for_role();
  void ask_for_keys(const std::string& role);
  void got_token(const net::HttpReply& reply);
  void got_role(const net::HttpReply& reply);
  void got_keys(const net::HttpReply& reply);
  bool asks_again(const net::HttpReply& reply);

  using Heard = void (InstanceKeys::*)(const net::HttpReply&);
  void get(const std::string& path, Heard heard);
  void send(net::HttpRequest request, Heard heard);
  void fail(const std::string& why);
  void finish(KeyOutcome outcome);

  std::string base_;   // `http://169.254.169.254`
  std::string place_;  // for sentences
  net::HttpClient& client_;
  const AwsClock& clock_;
  dns::Random& random_;
  Done done_;
  std::string token_;
  bool asked_again_ = false;  // after a token that was expired
  net::HttpRequestId request_ = 0;
};

/// The service's URL, without a slash at its end.
std::string instance_metadata_url(const AwsEnvironment& environment);

/// Keys whose end is no 5 minutes away, when new ones should long be there, get a new end.
KeySet with_static_stability(KeySet set, WallTime now, dns::Random& random);

}  // namespace upstream
