// Says when the file at a path is another than before: written, replaced by
// rename, created, removed, or reached through a link that was swapped.
//
// The kernel tells us of changes in the folders on the way (inotify), which takes
// some milliseconds. Beside that the file is looked at once a second, for file
// systems that tell nothing (NFS, shared folders) and when the kernel's watches
// have run out.
//
// Loop thread only.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace net {

class Loop;

class FileWatch {
 public:
  /// Calls `changed` on the loop after each change or burst of changes, never
  /// before the constructor returns. Nothing at `path` yet, not even its folder,
  /// is no error. `changed` may destroy the watch.
  FileWatch(Loop& loop, std::string path, std::function<void()> changed);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
