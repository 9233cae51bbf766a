// One place where keys for AWS are kept: a file, an endpoint that hands them out.
//
// Control thread only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "upstream/sigv4.h"

namespace upstream {

/// Keys, and where they came from.
struct KeySet {
  AwsKeys keys;
  std::optional<WallTime> expires;  // nothing: never
  std::string place;                // `the environment`
};

struct KeyFailure {
  std::string why;       // with the place; never with a secret
  bool passing = false;  // it may be over in a second: worth another try
};

using KeyOutcome = std::variant<KeySet, KeyFailure>;

class KeyPlace {
 public:
  using Done = std::function<void(KeyOutcome)>;

  virtual ~KeyPlace() = default;
  /// Reads or asks for the keys as they now are. `done` is called exactly once, maybe
  /// before this returns, and not at all once this is destroyed.
  /// REQUIRES: no fetch is on its way.
  virtual void fetch(Done done) = 0;
};

}  // namespace upstream
