// Reads a file into memory, as much as the caller allows. Blocks for as long as
// the disk takes; never on a pipe. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "dnsd/dns/result.h"

namespace net {

/// The bytes of the regular file at `path`. Error: it cannot be read, it is no
/// file (a folder, a pipe), or it has more than `most` bytes.
dns::Result<std::string> read_whole_file(const std::string& path, std::size_t most);

}  // namespace net
