#include "dnsd/control/figures.h"

namespace signpost {
namespace {

std::string count(std::uint64_t number, const char* what) {
  return ", " + std::to_string(number) + " " + what;
}

std::string age_text(const std::optional<dns::Milliseconds>& age) {
  if (!age) return "no good refresh yet";
  const auto seconds = std::chrono::duration_cast<dns::Seconds>(*age).count();
  return "last good refresh " + std::to_string(seconds) + " s ago";
}

void add(upstream::ForwarderCounters& all, const upstream::ForwarderCounters& more) {
  all.queries += more.queries;
  all.tries += more.tries;
  all.timeouts += more.timeouts;
  all.bad_answers += more.bad_answers;
  all.unreachable += more.unreachable;
  all.failed += more.failed;
  all.shed += more.shed;
  all.probes += more.probes;
  all.hedged += more.hedged;
  all.hedge_wins += more.hedge_wins;
}

}  // namespace

std::string to_text(const SourceReport& source) {
  std::string text = source.name + ": " + age_text(source.age);
  text += count(source.names, "names") + count(source.failures, "failures") +
          count(source.sent.requests, "requests") + count(source.sent.throttles, "throttled");
  if (source.held > 0) text += count(source.held, "held");
  if (source.stale) text += ", stale";
  if (!source.failure.empty()) text += "; last failure: " + source.failure;
  return text;
}

void WorkerFigures::add(const WorkerFigures& other) {
  queries += other.queries;
  answered += other.answered;
  forwarded += other.forwarded;
  consulted += other.consulted;
  resolved += other.resolved;
  dropped += other.dropped;
  shed += other.shed;
  waiting += other.waiting;
  signpost::add(forwarder, other.forwarder);
  forgeries.mismatches += other.forgeries.mismatches;
  forgeries.wrong_cases += other.forgeries.wrong_cases;
  if (servers.empty()) servers = other.servers;
}

}  // namespace signpost
