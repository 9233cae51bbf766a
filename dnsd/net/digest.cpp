#include "dnsd/net/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "dnsd/net/shared_library.h"

namespace net {
namespace {

struct Crypto {
  decltype(&EVP_sha256) sha256;
  decltype(&EVP_Digest) digest;
  decltype(&HMAC) hmac;
};

Crypto load() {
  const SharedLibrary library("libcrypto.so.3", "libssl3");
  Crypto found{};
  library.find("EVP_sha256", found.sha256);
  library.find("EVP_Digest", found.digest);
  library.find("HMAC", found.hmac);
  return found;
}

const Crypto& crypto() {
  static const Crypto library = load();
  return library;
}

}  // namespace

Digest sha256(std::string_view bytes) {
  Digest out{};
  crypto().digest(bytes.data(), bytes.size(), out.data(), nullptr, crypto().sha256(), nullptr);
  return out;
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  Digest out{};
  crypto().hmac(crypto().sha256(), key.data(), static_cast<int>(key.size()),
                reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out.data(),
                nullptr);
  return out;
}

std::string hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

}  // namespace net
