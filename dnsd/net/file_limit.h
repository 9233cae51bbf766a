// How many files, sockets included, this process may have open.
#pragma once

#include <cstddef>

namespace net {

/// Raises the soft limit to the hard one, at start. Returns the limit that holds.
std::size_t raise_file_limit();

/// What the UDP sockets of one worker's network may take of `file_limit`: half of
/// it is left to listeners, connections and files.
inline std::size_t udp_sockets_for(std::size_t file_limit, unsigned workers) {
  const std::size_t each = file_limit / 2 / (workers == 0 ? 1 : workers);
  return each < 16 ? 16 : each;
}

}  // namespace net
