// Where a path leads, symbolic link by symbolic link: the folders in which a
// change may give the path another file. A ConfigMap's file, for one, leads
// through `..data`, which Kubernetes swaps beside it.
#pragma once

#include <sys/types.h>

#include <set>
#include <string>

namespace net {

/// A folder as it was found: one of the same path but made anew is another.
struct FoundFolder {
  std::string path;
  dev_t device = 0;
  ino_t inode = 0;

  // clang-tidy 14 takes the 0 in what <=> becomes for a pointer.
  friend auto operator<=>(const FoundFolder&,
                          const FoundFolder&) = default;  // NOLINT(modernize-use-nullptr)
};

struct SymlinkRoute {
  /// The folder of each link on the way and of the file itself; where something
  /// is missing, the deepest folder that is there.
  std::set<FoundFolder> folders;
  std::string last_name;  // of the file at the end, in its own folder
};

/// Looks at the file system as it is now. `path` may be relative to the working folder.
SymlinkRoute follow_symlinks(const std::string& path);

}  // namespace net
