#include "dnsd/net/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace net {
namespace {

/// Read back by zlib itself.
std::string unpacked(const std::string& packed, std::size_t size) {
  std::string out(size + 1, '\0');
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, ReadsBackAsItWas) {
  std::string mixed;
  for (unsigned i = 0; i < 300'000; ++i) mixed += static_cast<char>(i * i >> 5);
  for (const std::string& bytes : {std::string(), std::string("a"), mixed}) {
    EXPECT_EQ(unpacked(gzip(bytes), bytes.size()), bytes);
  }
}

TEST(Gzip, MakesTextSmall) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += R"({"id":"time-1","host":"10.0.1.7","port":8081},)";
  EXPECT_LT(gzip(text).size(), text.size() / 10);
}

}  // namespace
}  // namespace net
