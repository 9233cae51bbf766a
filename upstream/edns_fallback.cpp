#include "upstream/edns_fallback.h"

#include <utility>

namespace upstream {

EdnsFallback::EdnsFallback(net::Timers& timers, std::unique_ptr<Asker> below)
    : timers_(timers), below_(std::move(below)) {
  below_->stand_below(*this);
}

void EdnsFallback::ask(const Errand& errand) {
  timers_.now() < without_until_ ? ask_without(errand) : below_->ask(errand);
}

void EdnsFallback::ask_without(Errand errand) {
  errand.query.edns = false;
  below_->ask(errand);
}

void EdnsFallback::came_back(Errand& errand, ServerReply& reply) {
  const bool understood = reply.outcome != Outcome::not_understood;
  if (errand.query.edns) return understood ? report(errand, reply) : ask_without(errand);
  if (!understood) reply.outcome = Outcome::bad_answer;
  if (reply.outcome == Outcome::answered && timers_.now() >= without_until_) {
    without_until_ = timers_.now() + kEdnsProbeAfter;
  }
  report(errand, reply);
}

}  // namespace upstream
