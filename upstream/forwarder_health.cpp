// What the forwarder learns of its servers: who fails, who is back, who loops.
#include <spdlog/spdlog.h>

#include "upstream/forwarder.h"

namespace upstream {
namespace {

// A server that answered so lately is asked again when it cannot be reached.
constexpr dns::Seconds kRestartMost{10};
constexpr dns::Milliseconds kProbeTick{2500};  // how often paused servers are looked at

std::shared_ptr<spdlog::logger> logger() {
  auto own = spdlog::get("forwarder");
  return own != nullptr ? own : spdlog::default_logger();
}

bool is_servfail(const ServerReply& reply) {
  return reply.message.size() >= dns::kHeaderSize &&
         dns::HeaderView{reply.message.data()}.rcode() ==
             static_cast<std::uint8_t>(dns::Rcode::SERVFAIL);
}

}  // namespace

void Forwarder::watch_loops(LoopWatch& watch, bool probe) {
  loop_watch_ = &watch;
  learn_of_loops();
  if (!probe) return;
  loop_prober_ = std::make_unique<LoopProber>(network_, timers_, watch,
                                              [this](const Server& server, LoopProber::News news) {
                                                log_loop(server, news);
                                                if (news != LoopProber::News::none)
                                                  learn_of_loops();
                                                let_go_of_retired();
                                              });
  loop_prober_->probe(servers_);
}

void Forwarder::learn_of_loops() {
  loops_known_ = loop_watch_->version();
  for (const auto& server : servers_) server->set_aside = loop_watch_->is_looping(server->name);
}

/// Who answered a moment ago and is gone now is likely to come back.
bool Forwarder::may_be_restarting(const Server& server, const ServerReply& reply) const {
  return reply.outcome == Outcome::unreachable &&
         server.health.answered_since(timers_.now() - kRestartMost);
}

/// SERVFAIL says something of the name, not of the server: its health stays. So
/// does silence to one query where others were answered.
/// The tries of one query are one failure: `began` is when it began.
void Forwarder::learn(Server& server, dns::Time began, const ServerReply& reply) {
  const dns::Time asked = timers_.now() - reply.took;
  if (reply.outcome == Outcome::timed_out) {
    return server.health.answered_since(asked) ? void() : failed(server, began, true);
  }
  if (reply.outcome == Outcome::answered) {
    server.only_timeouts = true;
    server.round_trips.add(reply.took);
    return log_news(server, server.health.answered(reply.took, timers_.now()));
  }
  ++(reply.outcome == Outcome::unreachable ? counters_.unreachable : counters_.bad_answers);
  if (!is_servfail(reply)) failed(server, asked, false);
}

void Forwarder::failed(Server& server, dns::Time asked, bool timeout) {
  server.only_timeouts = timeout && server.only_timeouts;
  log_news(server, server.health.failed(asked, timers_.now()));
  if (server.health.passed_over()) probe_later();
}

/// A server that is passed over is found to be back also when nobody asks anything.
void Forwarder::probe_later() {
  if (probe_timer_ != 0) return;
  probe_timer_ = timers_.after(kProbeTick, [this] {
    probe_timer_ = 0;
    bool more = false;
    for (const auto& server : servers_) {
      if (server->set_aside || !server->health.passed_over()) continue;
      more = true;
      if (server->health.wants_probe(timers_.now())) probe_alone(*server);
    }
    if (more) probe_later();
  });
}

void Forwarder::probe_alone(Server& server) {
  const dns::Time now = timers_.now();
  ++counters_.probes;
  ++server.in_flight;
  server.health.asking(now);
  const UpstreamQuery root{{dns::Name(), dns::Type::NS, dns::Class::IN}, false, false, true};
  server.asker->ask({root, now + kTryMost, [this, &server, now](const ServerReply& reply) {
                       --server.in_flight;
                       learn(server, now, reply);
                       let_go_of_retired();
                     }});
}

void Forwarder::log_news(const Server& server, ServerHealth::News news) {
  if (news == ServerHealth::News::back && tell_back_) tell_back_();
  if (news == ServerHealth::News::none || !log_pace_.allows(timers_.now())) return;
  const unsigned left_out = log_pace_.take_left_out();
  if (left_out > 0) logger()->info("{} lines about upstream servers were left out", left_out);
  if (news == ServerHealth::News::back)
    return logger()->info("upstream {} back again", server.name);
  logger()->info("upstream {} passed over: {} {} in a row", server.name,
                 server.health.failures_in_row(), server.only_timeouts ? "timeouts" : "failures");
}

void Forwarder::log_loop(const Server& server, LoopProber::News news) {
  if (news == LoopProber::News::loops) {
    logger()->warn("upstream {} leads back to this daemon: set aside until it no longer does",
                   server.name);
  } else if (news == LoopProber::News::no_longer_loops) {
    logger()->info("upstream {} no longer leads back to this daemon: asked again", server.name);
  }
}

/// Should it be the name alone that a server is silent to, the next probe finds out.
void Forwarder::pass_over_silent(const Waiting& waiting) {
  for (const auto& server : *waiting.group) {
    if (server->set_aside || server->health.answered_since(waiting.began)) continue;
    log_news(*server, server->health.given_up(timers_.now()));
    probe_later();
  }
}

}  // namespace upstream
