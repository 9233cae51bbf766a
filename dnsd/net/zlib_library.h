// zlib, loaded when it is first needed: only who reads this daemon's catalog over
// HTTP pays for it.
//
// Only code of this folder calls through it. Any thread, once loaded.
#pragma once

#include <zlib.h>

namespace net {

/// Those of zlib's functions that make bytes small.
struct ZlibLibrary {
  decltype(&deflateInit2_) start_deflate;
  decltype(&deflateBound) bound;
  decltype(&deflate) run_deflate;
  decltype(&deflateEnd) end_deflate;
};

/// Loads it at the first call. Throws std::runtime_error, with what to install,
/// when it is not on this machine.
const ZlibLibrary& zlib();

}  // namespace net
