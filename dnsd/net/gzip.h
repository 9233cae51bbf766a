// Bytes made small for the way (RFC 1952). Any thread.
#pragma once

#include <string>
#include <string_view>

namespace net {

/// `bytes` as a gzip file, made quickly rather than as small as can be. Throws
/// std::runtime_error, with what to install, when zlib is not there.
std::string gzip(std::string_view bytes);

}  // namespace net
