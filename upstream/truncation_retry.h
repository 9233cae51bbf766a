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
      : udp_(std::move(udp)), tcp_(std::move(tcp)) {}

  void ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) override {
    udp_->ask(query, deadline,
              [this, deadline, heard = std::move(heard)](const UpstreamQuery& asked,
                                                         ServerReply reply) mutable {
                if (!wants_tcp(reply.outcome)) return heard(asked, std::move(reply));
                tcp_->ask(asked, deadline, std::move(heard));
              });
  }

 private:
  static bool wants_tcp(Outcome outcome) {
    return outcome == Outcome::truncated || outcome == Outcome::suspicious;
  }

  std::unique_ptr<Asker> udp_;
  std::unique_ptr<Asker> tcp_;
};

}  // namespace upstream
