#include "dnsd/net/symlink_route.h"

#include <sys/stat.h>

#include <deque>
#include <filesystem>

namespace net {
namespace {

namespace fs = std::filesystem;

// As many links as Linux follows in one path.
constexpr int kMostLinks = 40;

/// The steps still to go, and where we are: always a folder without links in its path.
struct Walk {
  std::deque<fs::path> ahead;
  fs::path at = "/";
  int links = 0;

  void prepend(const fs::path& steps) { ahead.insert(ahead.begin(), steps.begin(), steps.end()); }
};

FoundFolder identify(const fs::path& folder) {
  struct stat found {};
  if (stat(folder.c_str(), &found) != 0) return {folder.string(), 0, 0};
  return {folder.string(), found.st_dev, found.st_ino};
}

bool is_plain_step(Walk& walk, const fs::path& step) {
  if (step == "..") walk.at = walk.at.parent_path();
  if (step == "/") walk.at = "/";
  return !step.empty() && step != "." && step != ".." && step != "/";
}

/// Takes one named step: into a folder, along a link, or to the end.
void take_step(Walk& walk, const fs::path& name, SymlinkRoute& route) {
  std::error_code problem;
  const fs::file_status found = fs::symlink_status(walk.at / name, problem);
  const bool enters = fs::is_directory(found) && !walk.ahead.empty();
  if (enters) {
    walk.at /= name;
    return;
  }
  route.folders.insert(identify(walk.at));
  route.last_name = name.string();
  if (!fs::is_symlink(found) || ++walk.links > kMostLinks) {
    walk.ahead.clear();
    return;
  }
  walk.prepend(fs::read_symlink(walk.at / name, problem));
}

}  // namespace

SymlinkRoute follow_symlinks(const std::string& path) {
  SymlinkRoute route;
  Walk walk;
  std::error_code problem;
  walk.prepend(fs::absolute(path, problem));
  while (!walk.ahead.empty()) {
    const fs::path step = walk.ahead.front();
    walk.ahead.pop_front();
    if (is_plain_step(walk, step)) take_step(walk, step, route);
  }
  return route;
}

}  // namespace net
