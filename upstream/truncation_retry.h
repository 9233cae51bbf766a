// UDP first; over TCP what UDP cannot give whole (TC=1), and what somebody seems
// to be guessing at.
#pragma once

#include <memory>
#include <utility>

#include "upstream/asker.h"

namespace upstream {

class TruncationRetry final : public Asker {
 public:
  TruncationRetry(std::unique_ptr<Asker> udp, std::unique_ptr<Asker> tcp)
      : udp_(std::move(udp)), tcp_(std::move(tcp)) {
    udp_->stand_below(*this);
    tcp_->stand_below(*this);
  }

  void ask(const Errand& errand) override { udp_->ask(errand); }

 private:
  void came_back(Errand& errand, ServerReply& reply) override {
    const bool was_over_tcp = std::exchange(errand.over_tcp, false);
    if (was_over_tcp || !wants_tcp(reply.outcome)) return report(errand, reply);
    errand.over_tcp = true;
    tcp_->ask(errand);
  }
  static bool wants_tcp(Outcome outcome) {
    return outcome == Outcome::truncated || outcome == Outcome::suspicious;
  }

  std::unique_ptr<Asker> udp_;
  std::unique_ptr<Asker> tcp_;
};

}  // namespace upstream
