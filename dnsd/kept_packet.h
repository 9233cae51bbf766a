// A copy of a client's query, which is short as a rule: then it needs no memory of its own.
//
// For the pipeline, whose clients wait with one each. Not thread-safe.
#pragma once

#include <algorithm>
#include <array>

#include "dnsd/dns/wire.h"

namespace signpost {

class KeptPacket {
 public:
  void keep(dns::WireView packet) {
    size_ = packet.size();
    if (size_ > short_.size()) return long_.assign(packet.begin(), packet.end());
    std::copy(packet.begin(), packet.end(), short_.begin());
  }
  dns::WireView view() const {
    return size_ > short_.size() ? dns::WireView(long_) : dns::WireView(short_).first(size_);
  }

 private:
  std::size_t size_ = 0;
  std::array<std::uint8_t, 128> short_;
  dns::Wire long_;  // empty where it is short
};

}  // namespace signpost
