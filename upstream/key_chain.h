// Where keys for AWS are looked for, in the order of AWS's own client: the
// environment, a web identity, the shared files, the container's endpoint, the instance's
// metadata. The first that is configured is the one: when it fails that is said, and none
// further down is asked in its stead. We look again for each fetch.
//
// Control thread only.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "dnsd/dns/random.h"
#include "dnsd/net/http_client.h"
#include "upstream/aws_clock.h"
#include "upstream/aws_environment.h"
#include "upstream/key_place.h"

namespace upstream {

class KeyChain final : public KeyPlace {
 public:
  /// `client` and `clock` must outlive this.
  KeyChain(AwsEnvironment environment, net::HttpClient& client, AwsClock& clock, dns::Random random)
      : environment_(std::move(environment)), client_(client), clock_(clock), random_(random) {}

  void fetch(Done done) override;

 private:
  using Place = std::unique_ptr<KeyPlace>;
  using Choice = std::variant<Place, KeyOutcome>;

  Choice choose();

  AwsEnvironment environment_;
  net::HttpClient& client_;
  AwsClock& clock_;
  dns::Random random_;
  std::string nothing_else_;  // while the last place is asked: what the others lack
  Place place_;               // that is asked
};

}  // namespace upstream
