// AWS's shared files from anybody: what is read has no blanks around it, and an
// error names a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upstream/aws_ini.h"

namespace {

bool has_blank_ends(const std::string& text) {
  constexpr std::string_view kBlank = " \t\r\f\v\n";
  return !text.empty() && (kBlank.find(text.front()) != std::string_view::npos ||
                           kBlank.find(text.back()) != std::string_view::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = upstream::read_aws_ini({reinterpret_cast<const char*>(data), size});
  if (!read.ok()) {
    const std::string& said = read.error().message;
    if (said.empty() || said.front() < '1' || said.front() > '9') std::abort();
    return 0;
  }
  for (const auto& [name, section] : read.value()) {
    if (has_blank_ends(name)) std::abort();
    for (const auto& [key, value] : section) {
      if (key.find('\n') != std::string::npos || has_blank_ends(key) || has_blank_ends(value))
        std::abort();
    }
  }
  return 0;
}
