// Answers that say why a request is refused: `{"error_message": "..."}`.
#pragma once

#include <string>

#include "dnsd/net/http_question.h"

namespace signpost {

net::HttpAnswer refusal(int status, const std::string& why);
/// 405, of a path that only takes GET and HEAD.
net::HttpAnswer wrong_method(const net::HttpQuestion& question);

}  // namespace signpost
