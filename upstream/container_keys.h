// The keys of a container's task: ECS, EKS Pod Identity and the like say in the
// environment where to ask, and with which token.
//
// Control thread only.
#pragma once

#include <string>

#include "dnsd/dns/result.h"
#include "dnsd/net/http_client.h"
#include "upstream/aws_environment.h"
#include "upstream/key_place.h"

namespace upstream {

class ContainerKeys final : public KeyPlace {
 public:
  /// `client` must outlive this.
  ContainerKeys(AwsEnvironment environment, net::HttpClient& client)
      : environment_(std::move(environment)), client_(client) {}
  ~ContainerKeys() override;
  ContainerKeys(const ContainerKeys&) = delete;
  ContainerKeys& operator=(const ContainerKeys&) = delete;

  void fetch(Done done) override;

 private:
  AwsEnvironment environment_;
  net::HttpClient& client_;
  net::HttpRequestId request_ = 0;
};

/// Whether the environment names such an endpoint.
bool has_container_endpoint(const AwsEnvironment& environment);

/// Where to ask. AWS_CONTAINER_CREDENTIALS_RELATIVE_URI goes first; a whole URL must be
/// https, or of an address that only this host can have: a token goes there.
dns::Result<std::string> container_url(const AwsEnvironment& environment);

/// What to send as `Authorization`, of the token's file (read anew each time: it rotates) or
/// the token's variable; empty: nothing. Error: the file cannot be read, or holds no one line.
dns::Result<std::string> container_token(const AwsEnvironment& environment);

}  // namespace upstream
