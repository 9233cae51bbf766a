// Where a test finds a file of the repository, as `conf/signpost.toml`. Meson
// says in SOURCE_ROOT where that is; by hand, run the test at the root.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace support {

inline std::filesystem::path source_file(std::string_view path) {
  const char* root = std::getenv("SOURCE_ROOT");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return std::filesystem::path(root == nullptr ? "." : root) / path;
}

}  // namespace support
