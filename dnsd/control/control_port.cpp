#include "dnsd/control/control_port.h"

#include <nlohmann/json.hpp>

namespace signpost {
namespace {

constexpr const char* kText = "text/plain; charset=utf-8";

net::HttpAnswer refusal(int status, const std::string& why) {
  // A path may hold any bytes; those that are not UTF-8 are shown as such.
  const nlohmann::json body{{"error_message", why}};
  const auto replace = nlohmann::json::error_handler_t::replace;
  return {status, "application/json", body.dump(-1, ' ', false, replace) + "\n", {}};
}

net::HttpAnswer wrong_method(const net::HttpQuestion& question) {
  auto answer = refusal(405, question.path + " takes GET, not " + question.method);
  answer.headers.emplace_back("Allow", "GET, HEAD");
  return answer;
}

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
