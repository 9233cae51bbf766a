#include "dnsd/control/control_port.h"

#include "dnsd/control/refusal.h"

namespace signpost {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";

net::HttpAnswer health() {
  return {200, kText, "ok\n", {}};
}

}  // namespace

net::HttpAnswer ControlPort::answer(const net::HttpQuestion& question) const {
  const bool is_health = question.path == "/health";
  if (!is_health && question.path != "/ready")
    return refusal(404, "nothing is at " + question.path);
  if (question.method != "GET" && question.method != "HEAD") return wrong_method(question);
  return is_health ? health() : ready();
}

net::HttpAnswer ControlPort::ready() const {
  const auto reasons = reasons_();
  if (reasons.empty()) return {200, kText, "ready\n", {}};
  net::HttpAnswer answer{503, kText, "", {}};
  for (const auto& reason : reasons) answer.body += reason + "\n";
  return answer;
}

}  // namespace signpost
