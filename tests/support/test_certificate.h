// A certificate that signs itself, made for one test and trusted by nobody else.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace support {

struct TestCertificate {
  std::string certificate;  // PEM
  std::string key;          // PEM
};

namespace certificate_detail {

template <auto free>
struct Free {
  template <typename T>
  void operator()(T* held) const {
    free(held);
  }
};

inline std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

}  // namespace certificate_detail

/// For the host `name`, good from now for an hour.
inline TestCertificate make_certificate(const std::string& name) {
  using certificate_detail::Free;
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(EVP_EC_gen("P-256"));
  const std::unique_ptr<X509, Free<X509_free>> certificate(X509_new());
  X509* const x509 = certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_gmtime_adj(X509_getm_notBefore(x509), -60);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key.get());
  const auto* common = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, common, -1, -1, 0);
  X509_set_issuer_name(x509, X509_get_subject_name(x509));
  const std::string names = "DNS:" + name;
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str()));
  X509_add_ext(x509, extension.get(), -1);
  EXPECT_NE(X509_sign(x509, key.get(), EVP_sha256()), 0);
  const std::unique_ptr<BIO, Free<BIO_free_all>> key_text(BIO_new(BIO_s_mem()));
  const std::unique_ptr<BIO, Free<BIO_free_all>> certificate_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_X509(certificate_text.get(), x509);
  return {certificate_detail::text_of(certificate_text.get()),
          certificate_detail::text_of(key_text.get())};
}

}  // namespace support
