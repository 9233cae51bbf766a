#include "upstream/edns_fallback.h"

#include <utility>

namespace upstream {

EdnsFallback::EdnsFallback(net::Timers& timers, std::unique_ptr<Asker> below)
    : timers_(timers), below_(std::move(below)) {}

void EdnsFallback::ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) {
  if (timers_.now() < without_until_) return ask_without(query, deadline, std::move(heard));
  below_->ask(query, deadline,
              [this, deadline, heard = std::move(heard)](const UpstreamQuery& asked,
                                                         ServerReply reply) mutable {
                if (reply.outcome != Outcome::not_understood) return heard(asked, std::move(reply));
                ask_without(asked, deadline, std::move(heard));
              });
}

void EdnsFallback::ask_without(const UpstreamQuery& query, dns::Time deadline, Heard heard) {
  UpstreamQuery plain = query;
  plain.edns = false;
  below_->ask(plain, deadline,
              [this, heard = std::move(heard)](const UpstreamQuery& asked, ServerReply reply) {
                if (reply.outcome == Outcome::not_understood) reply.outcome = Outcome::bad_answer;
                if (reply.outcome == Outcome::answered && timers_.now() >= without_until_) {
                  without_until_ = timers_.now() + kEdnsProbeAfter;
                }
                heard(asked, std::move(reply));
              });
}

}  // namespace upstream
