#include "dnsd/net/gzip.h"

#include <stdexcept>

#include "dnsd/net/zlib_library.h"

namespace net {
namespace {

// Level 6 takes three times as long and saves a tenth of a catalog's size.
constexpr int kLevel = 1;
constexpr int kGzipWindow = 15 + 16;  // the largest, and gzip's frame around it
constexpr int kMemory = 8;            // zlib's default
// zlib counts in 32 bits.
constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;

}  // namespace

std::string gzip(std::string_view bytes) {
  if (bytes.size() > kMostAtOnce) throw std::runtime_error("more than 1 GiB to be made small");
  z_stream stream{};
  if (zlib().start_deflate(&stream, kLevel, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY,
                           ZLIB_VERSION, sizeof stream) != Z_OK) {
    throw std::runtime_error("zlib cannot start; is it older than " ZLIB_VERSION "?");
  }
  std::string out(zlib().bound(&stream, bytes.size()), '\0');
  // zlib reads through it only.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  zlib().run_deflate(&stream, Z_FINISH);  // the bound holds, so one call is enough
  out.resize(stream.total_out);
  zlib().end_deflate(&stream);
  out.shrink_to_fit();
  return out;
}

}  // namespace net
