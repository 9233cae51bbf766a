// Two documents from anybody, one after the other and back again: read by what changed they are as
// read whole. The first byte chooses the format, a zero byte parts them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/support/followed_document.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string both(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t part = std::min(both.find('\0'), both.size());
  const std::string first = both.substr(0, part);
  const std::string second = both.substr(std::min(part + 1, both.size()));
  support::FollowedDocument document(data[0] % 2 == 0 ? "f.toml" : "f.json");
  for (const std::string& text : {first, second, first}) {
    if (!document.take(text)) std::abort();
  }
  return 0;
}
