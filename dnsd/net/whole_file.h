// Reads a file into memory, as much as the caller allows, and writes one in a
// step. Blocks for as long as the disk takes; never on a pipe. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"

namespace net {

/// Whether there is something at `path` that we may know of.
bool is_there(const std::string& path);

/// The bytes of the regular file at `path`. Error: it cannot be read, it is no
/// file (a folder, a pipe), or it has more than `most` bytes.
dns::Result<std::string> read_whole_file(const std::string& path, std::size_t most);

/// Bytes in the place of those of a text that are not its first `front` and its last `back`.
struct Replacement {
  std::size_t front = 0, back = 0;
  std::string bytes;
};

/// How the file at `path` is other than `known`, without a second copy of it in memory. Nothing:
/// it is empty, cannot be read, has more than `most` bytes or became shorter or longer meanwhile;
/// what read_whole_file() says counts.
std::optional<Replacement> read_what_changed(const std::string& path, std::size_t most,
                                             std::string_view known);

/// Makes `bytes` the file at `path`, for our user's eyes alone: written beside it
/// (`.new`), to the disk, and renamed into place, so that a reader finds the old file or the
/// new one. A missing folder is made, not those above it. Error: nothing has changed.
dns::Result<dns::Done> write_whole_file(const std::string& path, std::string_view bytes);

}  // namespace net
