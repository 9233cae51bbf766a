#include "dnsd/cookie.h"

#include <cstring>

namespace signpost {
namespace {

constexpr std::size_t kHashed = 16;  // client cookie, version, reserved, time

}  // namespace

void make_cookie(const std::uint8_t* client_cookie, const dns::IpAddress& client,
                 std::uint32_t unix_time, const dns::SipKey& secret,
                 std::array<std::uint8_t, 24>& out) {
  std::memcpy(out.data(), client_cookie, 8);
  dns::put32(&out[8], 0x01000000);  // version 1, three reserved bytes
  dns::put32(&out[12], unix_time);
  std::array<std::uint8_t, kHashed + 16> input;
  std::memcpy(input.data(), out.data(), kHashed);
  std::memcpy(&input[kHashed], client.data(), client.size());
  std::uint64_t hash = dns::siphash24(secret, {input.data(), kHashed + client.size()});
  for (std::size_t i = kHashed; i < out.size(); ++i, hash >>= 8) {
    out[i] = static_cast<std::uint8_t>(hash);
  }
}

}  // namespace signpost
