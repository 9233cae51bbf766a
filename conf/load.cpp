#include "conf/load.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace conf {
namespace {

constexpr std::size_t kMostBytes = std::size_t{256} << 10U;  // what is larger is no configuration

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

dns::Error cannot_read(const std::string& path, int reason) {
  return dns::Error{path + ": expected a configuration file that can be read, found: " +
                    std::generic_category().message(reason)};
}

dns::Result<File> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, CloseFile> in(std::fopen(path.c_str(), "rbe"));
  if (!in) return cannot_read(path, errno);
  File file{path, ""};
  std::array<char, 16'384> part;
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), in.get())) {
    file.text.append(part.data(), got);
    if (file.text.size() > kMostBytes) {
      return dns::Error{path + ": expected a configuration file of at most 256 KiB"};
    }
  }
  if (std::ferror(in.get())) return cannot_read(path, errno);
  return file;
}

std::string file_of(const CommandLine& line) {
  if (!line.config_file.empty()) return line.config_file;
  std::error_code ignored;  // whatever hides it: without --config it need not be there
  return std::filesystem::exists(kUsualFile, ignored) ? kUsualFile : "";
}

}  // namespace

dns::Result<Loaded> load(const CommandLine& line, const Environment& environment) {
  Sources sources{{}, environment, line, std::max(1U, std::thread::hardware_concurrency())};
  if (const std::string path = file_of(line); !path.empty()) {
    auto file = read_file(path);
    if (!file.ok()) return file.error();
    sources.file = std::move(file).value();
  }
  return parse(sources);
}

}  // namespace conf
