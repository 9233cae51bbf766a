// Replies of AWS and of the places that hand out keys, from anybody. The first byte
// chooses the status.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "upstream/aws_error.h"
#include "upstream/key_reply.h"
#include "upstream/wall_time.h"

namespace {

constexpr int kStatuses[] = {200, 400, 403, 503};

void check(const upstream::KeyOutcome& outcome) {
  if (const auto* failure = std::get_if<upstream::KeyFailure>(&outcome)) {
    if (failure->why.empty() || failure->why.size() > 600) std::abort();
  } else {
    const auto& keys = std::get<upstream::KeySet>(outcome).keys;
    if (keys.access_key_id.empty() || keys.secret_access_key.empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  net::HttpReply reply{kStatuses[data[0] % 4], std::string(data + 1, data + size), {}};
  check(upstream::read_key_json(reply, "there"));
  check(upstream::read_sts_reply(reply, "there"));
  if (upstream::sentence(reply).find('\n') != std::string::npos) std::abort();
  if (const auto time = upstream::read_rfc3339(reply.body)) upstream::to_text(*time);
  upstream::read_http_date(reply.body);
  return 0;
}
