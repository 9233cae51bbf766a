#include "dnsd/net/tls_fault.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <memory>
#include <string_view>

#include "dnsd/dns/address.h"
#include "dnsd/dns/wire.h"

namespace net {
namespace {

constexpr int kNamesMost = 3;
constexpr std::size_t kNameMost = 60;

/// The text is the server's own: cut, and without what could disturb a log.
std::string plain(std::string_view text) {
  std::string out(text.substr(0, kNameMost));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c <= ' ' || c >= 0x7f; }, '?');
  return out;
}

std::string bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ssl().string_data(text)),
          static_cast<std::size_t>(ssl().string_length(text))};
}

std::string address_text(const std::string& bytes) {
  const auto* at = reinterpret_cast<const std::uint8_t*>(bytes.data());
  if (bytes.size() == 4) return dns::IpAddress::v4(dns::get32(at)).to_text();
  std::uint8_t v6[16];
  if (bytes.size() != sizeof v6) return "an address that cannot be read";
  std::copy_n(at, sizeof v6, v6);
  return dns::IpAddress::v6(v6).to_text();
}

/// Empty for a kind of name that no DNS server is known by.
std::string name_text(const GENERAL_NAME& name) {
  if (name.type == GEN_DNS) return plain(bytes_of(name.d.dNSName));
  return name.type == GEN_IPADD ? address_text(bytes_of(name.d.iPAddress)) : "";
}

/// `a.example, b.example and 4 more`
std::string names_in(const X509* certificate) {
  const std::unique_ptr<GENERAL_NAMES, decltype(ssl().names_free)> names(
      static_cast<GENERAL_NAMES*>(
          ssl().certificate_extension(certificate, NID_subject_alt_name, nullptr, nullptr)),
      ssl().names_free);
  if (names == nullptr) return "no name at all";
  const auto* stack = reinterpret_cast<const OPENSSL_STACK*>(names.get());
  const int count = ssl().stack_size(stack);
  std::string out;
  for (int i = 0; i < std::min(count, kNamesMost); ++i) {
    const std::string name = name_text(*static_cast<const GENERAL_NAME*>(ssl().stack_at(stack, i)));
    if (!name.empty()) out += (out.empty() ? "" : ", ") + name;
  }
  if (out.empty()) return "no host name";
  return count > kNamesMost ? out + " and " + std::to_string(count - kNamesMost) + " more" : out;
}

std::string day(const ASN1_TIME* time) {
  std::tm parts{};
  std::array<char, 16> text{};
  if (ssl().time_to_tm(time, &parts) != 1) return "a day that cannot be read";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

}  // namespace

std::string certificate_fault(X509_STORE_CTX* verification, const std::string& expected) {
  const int error = ssl().verification_error(verification);
  const X509* certificate = ssl().verification_certificate(verification);
  switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for " + names_in(certificate) + ", expected " + expected;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate expired on " + day(ssl().not_after(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not good before " + day(ssl().not_before(certificate));
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "its certificate is signed by itself, and not trusted by this machine";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "its certificate is signed by an authority that this machine does not trust (see "
             "ca-certificates, or SSL_CERT_FILE)";
    default:
      return std::string("its certificate is not good: ") + ssl().verification_text(error);
  }
}

std::string tls_error() {
  const char* reason = ssl().reason_text(ssl().first_error());
  return reason != nullptr ? reason : "OpenSSL does not say why";
}

}  // namespace net
