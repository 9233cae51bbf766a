#include "upstream/key_chain.h"

#include <utility>

#include "upstream/aws_profile.h"
#include "upstream/container_keys.h"
#include "upstream/environment_keys.h"
#include "upstream/instance_keys.h"
#include "upstream/printable.h"
#include "upstream/web_identity_keys.h"

namespace upstream {
namespace {

/// What was looked at before the last place, and what was not there.
std::string nothing_in(const AwsProfile& profile) {
  return "AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE and AWS_CONTAINER_CREDENTIALS_*_URI are "
         "not set, profile " +
         in_quotes(profile.name) + " has no keys in " + profile.files;
}

}  // namespace

KeyChain::Choice KeyChain::choose() {
  if (auto keys = keys_in_environment(environment_)) return std::move(*keys);
  const bool token = !environment_.get("AWS_WEB_IDENTITY_TOKEN_FILE").empty();
  const auto profile = read_aws_profile(environment_);
  if (!profile.ok() && !token) return KeyOutcome(KeyFailure{profile.error().message});
  const AwsProfile read = profile.ok() ? profile.value() : AwsProfile{};
  if (token || has_web_identity(read)) {
    auto identity = web_identity(environment_, read);
    if (!identity.ok()) return KeyOutcome(KeyFailure{identity.error().message});
    return std::make_unique<WebIdentityKeys>(std::move(identity).value(), client_, clock_);
  }
  if (auto keys = keys_in_profile(read)) return std::move(*keys);
  if (has_container_endpoint(environment_))
    return std::make_unique<ContainerKeys>(environment_, client_);
  if (environment_.is_true("AWS_EC2_METADATA_DISABLED"))
    return KeyOutcome(KeyFailure{nothing_in(read) + ", AWS_EC2_METADATA_DISABLED is true"});
  nothing_else_ = nothing_in(read);
  return std::make_unique<InstanceKeys>(environment_, client_, clock_, random_);
}

void KeyChain::fetch(Done done) {
  nothing_else_.clear();
  Choice choice = choose();
  if (auto* outcome = std::get_if<KeyOutcome>(&choice)) return done(std::move(*outcome));
  place_ = std::get<Place>(std::move(choice));
  place_->fetch([this, done = std::move(done)](KeyOutcome outcome) {
    auto* failure = std::get_if<KeyFailure>(&outcome);
    if (failure != nullptr && !nothing_else_.empty())
      failure->why = nothing_else_ + ", " + failure->why;
    done(std::move(outcome));
  });
}

}  // namespace upstream
