// Route 53's API as a test plays it: everything between a source and HTTP is real.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/support/fake_clock.h"
#include "tests/support/fake_credentials.h"
#include "tests/support/fake_http.h"
#include "tests/support/route53_pages.h"
#include "upstream/route53_api.h"

namespace support {

class Route53Test : public ::testing::Test {
 protected:
  FakeClock clock;
  FakeHttp http;
  FakeCredentials credentials;
  upstream::AwsClock aws_clock;
  upstream::AwsApi aws{credentials, http, clock, aws_clock};
  upstream::RequestBudget budget{clock, dns::Random(1)};
  upstream::Route53Endpoint endpoint{"http://api.example", "us-east-1", ""};

  /// Lets the request that waits for its turn go out.
  void let_go() { clock.advance(upstream::kRequestGap); }

  /// What comes behind the API's version in the URL of the last request.
  std::string asked() const {
    if (http.requests.empty()) return "nothing";
    const std::string& url = http.requests.back().url;
    const std::string before = "http://api.example/2013-04-01/";
    return url.starts_with(before) ? url.substr(before.size()) : url;
  }

  void refuse(int status, const std::string& code, const std::string& message = "no") {
    http.reply(status, error_body(code, message));
  }
};

}  // namespace support
