// A HostResolver that knows what a test tells it, and records what it was asked.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dnsd/net/host_resolver.h"

namespace support {

class FakeHostResolver final : public net::HostResolver {
 public:
  void resolve(const std::string& host, Done done) override {
    asked.push_back(host);
    if (hold) {
      held.push_back(std::move(done));
      return;
    }
    const auto known = addresses.find(host);
    if (known == addresses.end()) {
      done(dns::Error{host + " has no address"});
    } else {
      done(known->second);
    }
  }

  std::map<std::string, std::vector<dns::IpAddress>> addresses;
  std::vector<std::string> asked;
  bool hold = false;  // keeps the questions in `held` instead of answering
  std::vector<Done> held;
};

}  // namespace support
