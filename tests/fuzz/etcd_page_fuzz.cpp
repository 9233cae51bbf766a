// Replies of something that is taken for etcd: a page of keys, a token, an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upstream/etcd_reply.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  std::size_t told = 0;
  const auto page = upstream::read_etcd_page(body, [&](upstream::EtcdPair pair) {
    if (pair.key.size() + pair.value.size() > size) std::abort();
    ++told;
  });
  if (page.ok() && (page.value().header.revision <= 0 || (page.value().more && told == 0))) {
    std::abort();
  }
  if (upstream::etcd_reason(body).empty()) std::abort();
  const auto token = upstream::read_etcd_token(body);
  if (token.ok() && token.value().empty()) std::abort();
  return 0;
}
