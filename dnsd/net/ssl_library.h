// OpenSSL, loaded and set up when it is first needed: memory that those without
// an upstream over TLS need not pay.
//
// Only code of this folder calls through it. Any thread, once loaded.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace net {

/// The functions of libssl and libcrypto that are used here. What OpenSSL's
/// headers have as a macro goes through the function behind it (`ctx_ctrl`, `ctrl`).
struct SslLibrary {
  decltype(&TLS_client_method) client_method;
  decltype(&SSL_CTX_new) ctx_new;
  decltype(&SSL_CTX_free) ctx_free;
  decltype(&SSL_CTX_ctrl) ctx_ctrl;
  decltype(&SSL_CTX_set_options) ctx_set_options;
  decltype(&SSL_CTX_set_default_verify_paths) ctx_set_default_verify_paths;
  decltype(&SSL_CTX_set_verify) ctx_set_verify;
  decltype(&SSL_CTX_set_alpn_protos) ctx_set_alpn_protos;
  decltype(&SSL_CTX_sess_set_new_cb) ctx_sess_set_new_cb;

  decltype(&SSL_new) create;
  decltype(&SSL_free) free;
  decltype(&SSL_ctrl) ctrl;
  decltype(&SSL_set_connect_state) set_connect_state;
  decltype(&SSL_set_bio) set_bio;
  decltype(&SSL_get_rbio) get_rbio;
  decltype(&SSL_get_wbio) get_wbio;
  decltype(&SSL_set1_host) set1_host;
  decltype(&SSL_get0_param) get0_param;
  decltype(&SSL_set_ex_data) set_ex_data;
  decltype(&SSL_get_ex_data) get_ex_data;
  decltype(&SSL_get_ex_data_X509_STORE_CTX_idx) ex_data_index_in_verification;
  decltype(&SSL_set_session) set_session;
  decltype(&SSL_do_handshake) do_handshake;
  decltype(&SSL_read) read;
  decltype(&SSL_write) write;
  decltype(&SSL_shutdown) shutdown;
  decltype(&SSL_get_error) get_error;
  decltype(&SSL_SESSION_free) session_free;
  decltype(&SSL_SESSION_is_resumable) session_is_resumable;
  decltype(&SSL_SESSION_get0_peer) session_get0_peer;

  decltype(&BIO_new) bio_new;
  decltype(&BIO_s_mem) bio_s_mem;
  decltype(&BIO_read) bio_read;
  decltype(&BIO_write) bio_write;
  decltype(&BIO_ctrl_pending) bio_pending;

  decltype(&ERR_clear_error) clear_errors;
  decltype(&ERR_peek_error) first_error;
  decltype(&ERR_reason_error_string) reason_text;

  decltype(&X509_STORE_CTX_get_ex_data) verification_get_ex_data;
  decltype(&X509_STORE_CTX_get_error) verification_error;
  decltype(&X509_STORE_CTX_get_current_cert) verification_certificate;
  decltype(&X509_verify_cert_error_string) verification_text;
  decltype(&X509_VERIFY_PARAM_set1_ip) param_set1_ip;
  decltype(&X509_VERIFY_PARAM_set_hostflags) param_set_hostflags;
  decltype(&X509_get_ext_d2i) certificate_extension;
  decltype(&X509_get0_notBefore) not_before;
  decltype(&X509_get0_notAfter) not_after;
  decltype(&X509_cmp_current_time) compare_with_now;
  decltype(&ASN1_TIME_to_tm) time_to_tm;
  decltype(&ASN1_STRING_get0_data) string_data;
  decltype(&ASN1_STRING_length) string_length;
  decltype(&GENERAL_NAMES_free) names_free;
  decltype(&OPENSSL_sk_num) stack_size;
  decltype(&OPENSSL_sk_value) stack_at;
};

/// Loads it at the first call. Throws std::runtime_error, with what to install,
/// when it is not on this machine.
const SslLibrary& ssl();

}  // namespace net
