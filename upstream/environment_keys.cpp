#include "upstream/environment_keys.h"

#include "upstream/printable.h"
#include "upstream/wall_time.h"

namespace upstream {
namespace {

KeyFailure missing(const std::string& there, const std::string& not_there) {
  return {there + " is set and " + not_there + " is not: set both or neither"};
}

}  // namespace

std::optional<KeyOutcome> keys_in_environment(const AwsEnvironment& environment) {
  const std::string& id = environment.get("AWS_ACCESS_KEY_ID");
  const std::string& secret = environment.get("AWS_SECRET_ACCESS_KEY");
  if (id.empty() && secret.empty()) return std::nullopt;
  if (secret.empty()) return missing("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
  if (id.empty()) return missing("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
  KeySet set{{id, secret, environment.get("AWS_SESSION_TOKEN")}, {}, "the environment"};
  if (set.keys.session_token.empty())
    set.keys.session_token = environment.get("AWS_SECURITY_TOKEN");
  const std::string& end = environment.get("AWS_CREDENTIAL_EXPIRATION");
  if (end.empty()) return set;
  set.expires = read_rfc3339(end);
  if (set.expires) return set;
  return KeyFailure{
      "AWS_CREDENTIAL_EXPIRATION: expected a time such as 2026-01-02T09:04:05Z, found " +
      in_quotes(end)};
}

}  // namespace upstream
