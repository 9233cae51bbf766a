#include "dnsd/control/control_port.h"

#include "dnsd/control/metrics_text.h"
#include "dnsd/control/refusal.h"

namespace signpost {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kMetricsText = "text/plain; version=0.0.4; charset=utf-8";

net::HttpAnswer health() {
  return {200, kText, "ok\n", {}};
}

bool is_get(const net::HttpQuestion& question) {
  return question.method == "GET" || question.method == "HEAD";
}

}  // namespace

net::HttpAnswer ControlPort::answer(const net::HttpQuestion& question) const {
  const std::string& path = question.path;
  if (path != "/health" && path != "/ready" && path != "/metrics") {
    return refusal(404, "nothing is at " + path);
  }
  if (!is_get(question)) return wrong_method(question);
  return path == "/health" ? health() : ready();
}

bool ControlPort::is_metrics(const net::HttpQuestion& question) {
  return question.path == "/metrics" && is_get(question);
}

net::HttpAnswer ControlPort::metrics(const Figures& figures, double unix_seconds) {
  return {200, kMetricsText, metrics_text(figures, unix_seconds), {}};
}

/// The reasons why not, if any, then how each source does.
net::HttpAnswer ControlPort::ready() const {
  const auto reasons = reasons_();
  net::HttpAnswer answer{reasons.empty() ? 200 : 503, kText, "", {}};
  if (reasons.empty()) answer.body = "ready\n";
  for (const auto& reason : reasons) answer.body += reason + "\n";
  for (const auto& source : reports_()) answer.body += "source " + to_text(source) + "\n";
  return answer;
}

}  // namespace signpost
