// Where keys for AWS are looked for, in the order of AWS's own client. The first
// place that is configured is the one: when it fails that is said, and none further down
// is asked in its stead.
//
// Control thread only.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "upstream/aws_environment.h"
#include "upstream/key_place.h"

namespace upstream {

class KeyChain final : public KeyPlace {
 public:
  explicit KeyChain(AwsEnvironment environment) : environment_(std::move(environment)) {}

  void fetch(Done done) override;

 private:
  AwsEnvironment environment_;
};

}  // namespace upstream
