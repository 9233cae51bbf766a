// Replies of HTTP catalogs from anybody: the first two bytes choose the dialect
// and the status.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upstream/http_catalog_reply.h"

namespace {

constexpr int kStatuses[] = {200, 404, 403, 429, 500, 302};

void check(const upstream::LookupOutcome& outcome) {
  if (const auto* away = std::get_if<upstream::Unavailable>(&outcome)) {
    if (away->why.empty() || away->why.size() > 400) std::abort();
  }
  if (const auto* found = std::get_if<upstream::Found>(&outcome)) {
    if (found->ttl > upstream::kMaxLookupTtl) std::abort();
    for (const cache::Instance& instance : found->service.instances) {
      if (instance.id.empty() || (instance.host.empty() && instance.port != 0)) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  using Dialect = conf::Catalog::Dialect;
  const auto dialect = data[0] % 2 == 0 ? Dialect::catalog : Dialect::service;
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  check(upstream::read_http_catalog_reply(kStatuses[data[1] % 6], body, dialect, {"time", "1.0"}));
  return 0;
}
