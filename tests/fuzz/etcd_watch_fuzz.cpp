// A watch's stream from something that is taken for etcd: the first byte says in parts of
// which size it arrives. However it is cut, it says the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "upstream/etcd_watch_stream.h"

namespace {

std::string told(std::string_view bytes, std::size_t part) {
  upstream::EtcdWatchStream stream;
  std::string all;
  for (std::size_t at = 0; at < bytes.size(); at += part) {
    stream.take(bytes.substr(at, part));
    while (stream.has_message()) {
      const auto message = stream.next();
      if (!message.ok()) return all + "!" + message.error().message;
      all += std::to_string(message.value().header.revision) + ',';
      for (const auto& event : message.value().events) all += event.pair.key + ',';
    }
  }
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (told(bytes, std::max<std::size_t>(1, data[0])) != told(bytes, size)) std::abort();
  return 0;
}
