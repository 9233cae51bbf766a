#include "upstream/aws_region.h"

#include <utility>

namespace upstream {

std::string aws_region(const std::string& configured, const AwsEnvironment& environment) {
  if (!configured.empty()) return configured;
  for (const char* variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (!environment.get(variable).empty()) return environment.get(variable);
  }
  const auto profile = read_aws_profile(environment);
  return profile.ok() ? profile.value().get("region") : "";
}

std::string region_in_host(const std::string& host, const std::string& service) {
  const std::string label = '.' + service + '.';
  const std::size_t at = ('.' + host).find(label);  // where the service's name begins in `host`
  if (at == std::string::npos) return {};
  const std::string rest = host.substr(at + service.size() + 1);
  const std::size_t dot = rest.find('.');
  if (dot == std::string::npos || rest.find("amazonaws.", dot) == std::string::npos) return {};
  return rest.substr(0, dot);
}

std::string aws_domain(const std::string& region) {
  constexpr std::pair<const char*, const char*> kDomains[] = {
      {"cn-", "amazonaws.com.cn"},    {"us-iso-", "c2s.ic.gov"},      {"us-isob-", "sc2s.sgov.gov"},
      {"eu-isoe-", "cloud.adc-e.uk"}, {"us-isof-", "csp.hci.ic.gov"}, {"eusc-", "amazonaws.eu"}};
  for (const auto& [prefix, domain] : kDomains) {
    if (region.starts_with(prefix)) return domain;
  }
  return "amazonaws.com";
}

}  // namespace upstream
