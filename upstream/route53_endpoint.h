// Where Route 53 is, and for which region it wants its signatures: one place a
// partition, whatever region this host is in (contracts.md, 3.1).
//
// Any thread.
#pragma once

#include <string>

#include "conf/config.h"
#include "upstream/aws_environment.h"

namespace upstream {

struct Route53Endpoint {
  std::string url;             // without a last slash
  std::string signing_region;  // of the partition
  std::string region;          // this host's; empty: not known

  friend bool operator==(const Route53Endpoint&, const Route53Endpoint&) = default;
};

/// By the catalog's `region` and `endpoint`; where they are empty, as AWS's own
/// programs: the region of aws_region(), AWS_ENDPOINT_URL_ROUTE_53, AWS_ENDPOINT_URL,
/// AWS_USE_FIPS_ENDPOINT. May read the profile's file.
Route53Endpoint route53_endpoint(const conf::Catalog& catalog, const AwsEnvironment& environment);

}  // namespace upstream
