#include "upstream/key_chain.h"

#include "upstream/environment_keys.h"

namespace upstream {

void KeyChain::fetch(Done done) {
  if (auto keys = keys_in_environment(environment_)) return done(std::move(*keys));
  done(KeyFailure{"AWS_ACCESS_KEY_ID is not set"});
}

}  // namespace upstream
