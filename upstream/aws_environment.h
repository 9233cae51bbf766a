// The variables that AWS's own programs heed, as they were when we looked.
// Holds secrets: it is neither logged nor dumped.
//
// A value; any thread, but for of_process().
#pragma once

#include <map>
#include <string>

namespace upstream {

class AwsEnvironment {
 public:
  AwsEnvironment() = default;
  explicit AwsEnvironment(std::map<std::string, std::string> variables)
      : variables_(std::move(variables)) {}

  /// `AWS_...` and `HOME`. REQUIRES: no other thread changes the environment.
  static AwsEnvironment of_process();

  /// A region that the configuration names goes before AWS_REGION.
  void set_region(const std::string& region) { variables_["AWS_REGION"] = region; }

  /// Empty: it is not set, or set to nothing, which AWS's programs take for the same.
  const std::string& get(const std::string& name) const;
  /// Whether it says `true`, in any case.
  bool is_true(const std::string& name) const;

  /// The URL at which `service` (`STS`, `ROUTE_53`) is to be asked instead of AWS's own:
  /// AWS_ENDPOINT_URL_<service>, else AWS_ENDPOINT_URL. Empty: AWS's own.
  std::string endpoint(const std::string& service) const;

 private:
  std::map<std::string, std::string> variables_;
};

}  // namespace upstream
