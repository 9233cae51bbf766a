// Keys for AWS that a test knows.
#pragma once

#include "upstream/aws_credentials.h"

namespace support {

class FakeCredentials final : public upstream::AwsCredentials {
 public:
  dns::Result<upstream::AwsKeys> keys = upstream::AwsKeys{"AKIDEXAMPLE", "secret", ""};

  void get(Done done) override { done(keys); }
  void renew(const upstream::AwsKeys&, Done done) override { done(keys); }
};

}  // namespace support
