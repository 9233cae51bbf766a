// Keys that stand in the environment. Pure; any thread.
#pragma once

#include <optional>

#include "upstream/aws_environment.h"
#include "upstream/key_place.h"

namespace upstream {

/// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (one alone is a failure),
/// AWS_SESSION_TOKEN (or AWS_SECURITY_TOKEN), AWS_CREDENTIAL_EXPIRATION. Nothing: neither is set.
std::optional<KeyOutcome> keys_in_environment(const AwsEnvironment& environment);

}  // namespace upstream
