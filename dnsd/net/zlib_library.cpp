#include "dnsd/net/zlib_library.h"

#include "dnsd/net/shared_library.h"

namespace net {
namespace {

ZlibLibrary load() {
  const SharedLibrary library("libz.so.1", "zlib1g");
  ZlibLibrary found{};
  library.find("deflateInit2_", found.start_deflate);
  library.find("deflateBound", found.bound);
  library.find("deflate", found.run_deflate);
  library.find("deflateEnd", found.end_deflate);
  return found;
}

}  // namespace

const ZlibLibrary& zlib() {
  static const ZlibLibrary library = load();
  return library;
}

}  // namespace net
