// An HttpClient whose requests carry AWS's signature: an API Gateway that wants IAM.
//
// Control thread only.
#pragma once

#include <string>
#include <utility>

#include "dnsd/net/http_client.h"
#include "upstream/aws_api.h"

namespace upstream {

class SignedHttp final : public net::HttpClient {
 public:
  /// The region is the one in the URL's host, else `region`. `api` must outlive this.
  SignedHttp(AwsApi& api, std::string service, std::string region)
      : api_(api), service_(std::move(service)), region_(std::move(region)) {}

  /// `timeout` is that of each try. What takes no parts and no certificate of its own.
  net::HttpRequestId send(net::HttpRequest request, Done done) override;
  void cancel(net::HttpRequestId id) override { api_.cancel(id); }

 private:
  AwsApi& api_;
  std::string service_;
  std::string region_;
};

}  // namespace upstream
