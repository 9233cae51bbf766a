#include "dnsd/dns/siphash.h"

#include <gtest/gtest.h>

#include "tests/support/wire_text.h"

namespace dns {
namespace {

/// The hash of the bytes 0, 1, … `size` - 1 under the key 0, 1, … 15, written
/// out as the paper of SipHash and its published vectors have it.
Wire hash_of_counting(std::uint8_t size) {
  SipKey key;
  for (std::uint8_t i = 0; i < 16; ++i) key[i] = i;
  Wire text;
  for (std::uint8_t i = 0; i < size; ++i) text.push_back(i);
  const std::uint64_t hash = siphash24(key, text);
  Wire out;
  for (int shift = 0; shift < 64; shift += 8)
    out.push_back(static_cast<std::uint8_t>(hash >> shift));
  return out;
}

TEST(SipHash, GivesThePublishedValues) {
  EXPECT_EQ(hash_of_counting(0), support::wire("310e0edd47db6f72"));
  EXPECT_EQ(hash_of_counting(1), support::wire("fd67dc93c539f874"));
  EXPECT_EQ(hash_of_counting(2), support::wire("5a4fa9d909806c0d"));
  EXPECT_EQ(hash_of_counting(7), support::wire("37d1018bf50002ab"));
  EXPECT_EQ(hash_of_counting(8), support::wire("6224939a79f5f593"));
  EXPECT_EQ(hash_of_counting(15), support::wire("e545be4961ca29a1"));
}

}  // namespace
}  // namespace dns
