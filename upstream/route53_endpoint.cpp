#include "upstream/route53_endpoint.h"

#include "upstream/aws_region.h"

namespace upstream {
namespace {

std::string first_of(const std::string& a, const std::string& b, const std::string& c) {
  if (!a.empty()) return a;
  return b.empty() ? c : b;
}

Route53Endpoint of_partition(const std::string& region, bool fips) {
  if (region.starts_with("cn-")) {
    return {"https://route53.amazonaws.com.cn", "cn-northwest-1", region};
  }
  if (region.starts_with("us-gov-")) {
    return {"https://route53.us-gov.amazonaws.com", "us-gov-west-1", region};
  }
  return {fips ? "https://route53-fips.amazonaws.com" : "https://route53.amazonaws.com",
          "us-east-1", region};
}

}  // namespace

Route53Endpoint route53_endpoint(const conf::Catalog& catalog, const AwsEnvironment& environment) {
  const std::string region = aws_region(catalog.region, environment);
  Route53Endpoint endpoint = of_partition(region, environment.is_true("AWS_USE_FIPS_ENDPOINT"));
  endpoint.url = first_of(catalog.endpoint, environment.endpoint("ROUTE_53"), endpoint.url);
  while (endpoint.url.ends_with('/')) endpoint.url.pop_back();
  return endpoint;
}

}  // namespace upstream
