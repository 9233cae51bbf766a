#include "dnsd/net/memory_limit.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "dnsd/net/whole_file.h"

namespace net {
namespace {

using Limit = std::optional<std::uint64_t>;

constexpr std::size_t kFileMost = 65'536;
// Version 1 says "no limit" as the largest number of whole pages.
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62U;

Limit tighter(Limit one, Limit other) {
  if (!one || !other) return one ? one : other;
  return std::min(*one, *other);
}

/// Nothing for `max`, and where there is no such file: the root group has none.
Limit limit_in(const std::string& path) {
  const auto text = read_whole_file(path, kFileMost);
  if (!text.ok()) return {};
  std::uint64_t limit = 0;
  const char* end = text.value().data() + text.value().size();
  const auto [stop, problem] = std::from_chars(text.value().data(), end, limit);
  if (problem != std::errc() || limit >= kNoLimit) return {};
  return limit;
}

/// Of `group` and of all above it. In a container the path may be the host's, of
/// which only the top is here, as the container's own.
Limit tightest_from(const std::string& top, std::string group, const std::string& file) {
  if (group.find("..") != std::string::npos) group.clear();  // above what we may see
  Limit limit;
  for (;; group.resize(group.rfind('/'))) {
    while (group.ends_with('/')) group.pop_back();
    std::string path = top;
    path.append(group).append("/").append(file);
    limit = tighter(limit, limit_in(path));
    if (group.empty()) return limit;
  }
}

bool has_memory(const std::string& controllers) {
  return ("," + controllers + ",").find(",memory,") != std::string::npos;
}

/// One line of /proc/self/cgroup, `number:controllers:group`; version 2 has number
/// 0 and no controllers.
Limit limit_of_line(const std::string& groups, const std::string& line) {
  const auto first = line.find(':');
  const auto second = first == std::string::npos ? first : line.find(':', first + 1);
  if (second == std::string::npos) return {};
  const std::string controllers = line.substr(first + 1, second - first - 1);
  const std::string group = line.substr(second + 1);
  if (has_memory(controllers)) {
    return tightest_from(groups + "/memory", group, "memory.limit_in_bytes");
  }
  if (!controllers.empty()) return {};
  return tighter(tightest_from(groups, group, "memory.max"),
                 tightest_from(groups + "/unified", group, "memory.max"));
}

}  // namespace

std::optional<std::uint64_t> memory_limit(const std::string& root) {
  const auto text = read_whole_file(root + "/proc/self/cgroup", kFileMost);
  if (!text.ok()) return {};
  Limit limit;
  std::istringstream lines(text.value());
  for (std::string line; std::getline(lines, line);) {
    limit = tighter(limit, limit_of_line(root + "/sys/fs/cgroup", line));
  }
  return limit;
}

}  // namespace net
