// All that the sources of one configuration share to ask AWS.
//
// Control thread only.
#pragma once

#include <memory>
#include <utility>

#include "dnsd/dns/random.h"
#include "upstream/aws_api.h"
#include "upstream/aws_environment.h"
#include "upstream/kept_credentials.h"
#include "upstream/key_chain.h"
#include "upstream/request_budget.h"

namespace upstream {

struct AwsAccess {
  /// `client` and `timers` must outlive this.
  AwsAccess(AwsEnvironment of, net::HttpClient& client, net::Timers& timers, dns::Random random)
      : environment(std::move(of)),
        credentials(std::make_unique<KeyChain>(environment, client, clock, random), timers, clock,
                    random),
        api(credentials, client, timers, clock),
        route53_budget(timers, dns::Random(random.next())) {}

  /// Takes over the time, the keys and the budget of the access before a reload.
  void adopt(const AwsAccess& before) {
    clock = before.clock;
    credentials.adopt(before.credentials);
    route53_budget.adopt(before.route53_budget);
  }

  const AwsEnvironment environment;
  AwsClock clock;
  KeptCredentials credentials;
  AwsApi api;
  RequestBudget route53_budget;  // of the account: all zones and health checks
};

}  // namespace upstream
