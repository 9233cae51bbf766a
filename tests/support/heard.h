// What an asker said, kept for a test to look at.
#pragma once

#include <memory>
#include <vector>

#include "dnsd/dns/question.h"
#include "upstream/asker.h"

namespace support {

inline upstream::UpstreamQuery upstream_query(const std::string& name,
                                              dns::Type type = dns::Type::A) {
  return {{dns::Name::from_text(name).value(), type, dns::Class::IN}};
}

struct KeptReply {
  upstream::Outcome outcome;
  dns::Wire message;
  std::string why;
  dns::Clock::duration took;
};

struct Hearer {
  std::vector<KeptReply> replies;

  upstream::Heard heard() {
    return [this](const upstream::ServerReply& reply) {
      replies.push_back(
          {reply.outcome, {reply.message.begin(), reply.message.end()}, reply.why, reply.took});
    };
  }
};

}  // namespace support
