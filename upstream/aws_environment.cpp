#include "upstream/aws_environment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "dnsd/dns/lowered.h"

namespace upstream {

AwsEnvironment AwsEnvironment::of_process() {
  std::map<std::string, std::string> variables;
  for (const char* const* line = environ; *line != nullptr; ++line) {
    const std::string_view text = *line;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = text.substr(0, equals);
    if (name.starts_with("AWS_") || name == "HOME")
      variables.emplace(name, text.substr(equals + 1));
  }
  return AwsEnvironment(std::move(variables));
}

const std::string& AwsEnvironment::get(const std::string& name) const {
  static const std::string kUnset;
  const auto found = variables_.find(name);
  return found == variables_.end() ? kUnset : found->second;
}

bool AwsEnvironment::is_true(const std::string& name) const {
  return dns::lowered(get(name)) == "true";
}

std::string AwsEnvironment::endpoint(const std::string& service) const {
  if (is_true("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) return {};
  const std::string& own = get("AWS_ENDPOINT_URL_" + service);
  return own.empty() ? get("AWS_ENDPOINT_URL") : own;
}

}  // namespace upstream
