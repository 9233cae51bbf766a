#include "dnsd/control/refusal.h"

#include <nlohmann/json.hpp>

namespace signpost {

net::HttpAnswer refusal(int status, const std::string& why) {
  // A path may hold any bytes; those that are not UTF-8 are shown as such.
  const nlohmann::json body{{"error_message", why}};
  const auto replace = nlohmann::json::error_handler_t::replace;
  return {status, "application/json", body.dump(-1, ' ', false, replace) + "\n", {}, {}};
}

net::HttpAnswer wrong_method(const net::HttpQuestion& question) {
  auto answer = refusal(405, question.path + " takes GET, not " + question.method);
  answer.headers.emplace_back("Allow", "GET, HEAD");
  return answer;
}

}  // namespace signpost
