// SHA-256 and its HMAC, through OpenSSL's libcrypto, which is loaded when it is
// first needed. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace net {

using Digest = std::array<std::uint8_t, 32>;

/// Throws std::runtime_error, with what to install, when libcrypto is not there.
Digest sha256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);

/// Lower-case hexadecimal.
std::string hex(const Digest& digest);
/// The digest's bytes as a key.
inline std::string_view as_key(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace net
