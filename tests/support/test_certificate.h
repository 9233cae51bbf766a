// Certificates made for one test and trusted by nobody else.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

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

struct CertificateWish {
  std::vector<std::string> names;  // `DNS:dns.example`, `IP:127.0.0.1`
  long good_from = -60;            // seconds from now
  long good_until = 3600;
  const TestCertificate* issuer = nullptr;  // null: it signs itself
  bool authority = false;                   // it may sign others
};

namespace certificate_detail {

using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;

inline Memory reading(const std::string& text) {
  return Memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

inline void add_extension(X509* to, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  X509_add_ext(to, extension.get(), -1);
}

inline std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ",") + name;
  return out;
}

/// Signed with the issuer's key, or with its own.
inline void sign(X509* certificate, EVP_PKEY* own_key, const TestCertificate* issuer) {
  if (issuer == nullptr) {
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    EXPECT_NE(X509_sign(certificate, own_key, EVP_sha256()), 0);
    return;
  }
  const Certificate by(
      PEM_read_bio_X509(reading(issuer->certificate).get(), nullptr, nullptr, nullptr));
  const Key with(PEM_read_bio_PrivateKey(reading(issuer->key).get(), nullptr, nullptr, nullptr));
  X509_set_issuer_name(certificate, X509_get_subject_name(by.get()));
  EXPECT_NE(X509_sign(certificate, with.get(), EVP_sha256()), 0);
}

inline void fill(X509* x509, EVP_PKEY* key, const std::string& name, const CertificateWish& wish) {
  static long last_serial = 0;
  X509_set_version(x509, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), ++last_serial);
  X509_gmtime_adj(X509_getm_notBefore(x509), wish.good_from);
  X509_gmtime_adj(X509_getm_notAfter(x509), wish.good_until);
  X509_set_pubkey(x509, key);
  const auto* common = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_ASC, common, -1, -1, 0);
  if (!wish.names.empty()) add_extension(x509, NID_subject_alt_name, joined(wish.names));
  if (wish.authority) add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
}

}  // namespace certificate_detail

/// `name` is its subject, which counts for nothing.
inline TestCertificate make_certificate(const std::string& name, const CertificateWish& wish) {
  using namespace certificate_detail;
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  fill(certificate.get(), key.get(), name, wish);
  sign(certificate.get(), key.get(), wish.issuer);
  const Memory key_text(BIO_new(BIO_s_mem()));
  const Memory certificate_text(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_X509(certificate_text.get(), certificate.get());
  return {text_of(certificate_text.get()), text_of(key_text.get())};
}

/// For the host `name`, signed by itself, good from now for an hour.
inline TestCertificate make_certificate(const std::string& name) {
  CertificateWish wish;
  wish.names = {"DNS:" + name};
  return make_certificate(name, wish);
}

/// One that may sign others.
inline TestCertificate make_authority(const std::string& name) {
  CertificateWish wish;
  wish.authority = true;
  return make_certificate(name, wish);
}

}  // namespace support
