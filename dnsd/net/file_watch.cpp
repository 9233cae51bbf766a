#include "dnsd/net/file_watch.h"

#include <sys/stat.h>

#include <algorithm>
#include <compare>
#include <map>
#include <utility>

#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/symlink_route.h"

namespace net {
namespace {

using std::chrono::milliseconds;

// A burst is over after this long without an event: a writer that truncates and
// then writes is seen once, when it is done.
constexpr milliseconds kQuiet{10};
// But one that never pauses is not waited for any longer than this.
constexpr milliseconds kLongestBurst{40};
constexpr milliseconds kLookEvery{1000};

/// What tells one state of a file from another. All zero: it is not there.
struct FileState {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::pair<time_t, long> written, changed;

  friend bool operator==(const FileState&, const FileState&) = default;
};

FileState look_at(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev,
          found.st_ino,
          found.st_size,
          {found.st_mtim.tv_sec, found.st_mtim.tv_nsec},
          {found.st_ctim.tv_sec, found.st_ctim.tv_nsec}};
}

}  // namespace

struct FileWatch::Parts {
  Loop& loop;
  std::string path;
  std::function<void()> changed;
  SymlinkRoute route;
  FileState last;
  bool touched = false;  // an event named the file itself
  dns::Time burst_began{};
  TimerId burst_over = 0;
  TimerId next_look = 0;
  std::map<FoundFolder, Handle<uv_fs_event_t>> watches;

  Parts(Loop& on, std::string file, std::function<void()> call)
      : loop(on), path(std::move(file)), changed(std::move(call)) {
    watch_route();
    last = look_at(path);
    look_later();
  }

  ~Parts() {
    loop.cancel(burst_over);
    loop.cancel(next_look);
  }

  /// Watches the folders that the path leads through now, and no others.
  void watch_route() {
    route = follow_symlinks(path);
    for (const FoundFolder& folder : route.folders) {
      if (!watches.contains(folder)) watch(folder);
    }
    std::erase_if(watches,
                  [this](const auto& watch) { return !route.folders.contains(watch.first); });
  }

  /// A folder that cannot be watched is left to the look once a second.
  void watch(const FoundFolder& folder) {
    Handle<uv_fs_event_t> handle(new uv_fs_event_t);
    uv_fs_event_init(loop.raw(), handle.get());
    handle->data = this;
    const auto on_event = [](uv_fs_event_t* event, const char* name, int, int) {
      static_cast<Parts*>(event->data)->noticed(name);
    };
    if (uv_fs_event_start(handle.get(), on_event, folder.path.c_str(), 0) != 0) return;
    watches.emplace(folder, std::move(handle));
  }

  void noticed(const char* name) {
    if (name != nullptr && name == route.last_name) touched = true;
    const dns::Time now = loop.now();
    if (burst_over == 0) burst_began = now;
    loop.cancel(burst_over);
    const auto left = std::chrono::ceil<milliseconds>(burst_began + kLongestBurst - now);
    burst_over = loop.after(std::clamp(left, milliseconds(0), kQuiet), [this] {
      burst_over = 0;
      compare();
    });
  }

  void look_later() {
    next_look = loop.after(kLookEvery, [this] {
      look_later();
      compare();
    });
  }

  /// The folders are watched before the file is looked at, so that no change
  /// falls between. The callee may destroy us, so nothing follows the call.
  void compare() {
    watch_route();
    const bool by_name = std::exchange(touched, false);
    const FileState before = std::exchange(last, look_at(path));
    if (!by_name && last == before) return;
    const auto call = changed;
    call();
  }
};

FileWatch::FileWatch(Loop& loop, std::string path, std::function<void()> changed)
    : parts_(std::make_unique<Parts>(loop, std::move(path), std::move(changed))) {}

FileWatch::~FileWatch() = default;

}  // namespace net
