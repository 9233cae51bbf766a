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

struct Hearer {
  std::vector<upstream::ServerReply> replies;

  upstream::Heard heard() {
    return [this](const upstream::UpstreamQuery&, upstream::ServerReply reply) {
      replies.push_back(std::move(reply));
    };
  }
};

}  // namespace support
