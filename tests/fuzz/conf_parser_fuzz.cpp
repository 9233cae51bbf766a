// Any text is either a configuration or an error with a sentence; reading it
// again says the same.

#include <cstdint>
#include <cstdlib>
#include <string>

#include "conf/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const conf::Sources sources{
      {"f.toml", std::string(reinterpret_cast<const char*>(data), size)}, {}, {}, 2};
  const auto first = conf::parse(sources);
  const auto second = conf::parse(sources);
  if (first.ok() != second.ok()) std::abort();
  if (!first.ok() &&
      (first.error().message.empty() || first.error().message != second.error().message)) {
    std::abort();
  }
  if (first.ok() && !(first.value().config == second.value().config)) std::abort();
  return 0;
}
