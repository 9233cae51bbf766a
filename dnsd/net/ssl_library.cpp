#include "dnsd/net/ssl_library.h"

#include "dnsd/net/shared_library.h"

namespace net {
namespace {

void find_connections(const SharedLibrary& library, SslLibrary& found) {
  library.find("TLS_client_method", found.client_method);
  library.find("SSL_CTX_new", found.ctx_new);
  library.find("SSL_CTX_free", found.ctx_free);
  library.find("SSL_CTX_ctrl", found.ctx_ctrl);
  library.find("SSL_CTX_set_options", found.ctx_set_options);
  library.find("SSL_CTX_set_default_verify_paths", found.ctx_set_default_verify_paths);
  library.find("SSL_CTX_set_verify", found.ctx_set_verify);
  library.find("SSL_CTX_set_alpn_protos", found.ctx_set_alpn_protos);
  library.find("SSL_CTX_sess_set_new_cb", found.ctx_sess_set_new_cb);
  library.find("SSL_new", found.create);
  library.find("SSL_free", found.free);
  library.find("SSL_ctrl", found.ctrl);
  library.find("SSL_set_connect_state", found.set_connect_state);
  library.find("SSL_set_bio", found.set_bio);
  library.find("SSL_get_rbio", found.get_rbio);
  library.find("SSL_get_wbio", found.get_wbio);
  library.find("SSL_set1_host", found.set1_host);
  library.find("SSL_get0_param", found.get0_param);
  library.find("SSL_set_ex_data", found.set_ex_data);
  library.find("SSL_get_ex_data", found.get_ex_data);
  library.find("SSL_get_ex_data_X509_STORE_CTX_idx", found.ex_data_index_in_verification);
  library.find("SSL_set_session", found.set_session);
  library.find("SSL_do_handshake", found.do_handshake);
  library.find("SSL_read", found.read);
  library.find("SSL_write", found.write);
  library.find("SSL_shutdown", found.shutdown);
  library.find("SSL_get_error", found.get_error);
  library.find("SSL_SESSION_free", found.session_free);
  library.find("SSL_SESSION_is_resumable", found.session_is_resumable);
  library.find("SSL_SESSION_get0_peer", found.session_get0_peer);
}

/// libssl brings libcrypto, so its handle finds both's functions.
void find_the_rest(const SharedLibrary& library, SslLibrary& found) {
  library.find("BIO_new", found.bio_new);
  library.find("BIO_s_mem", found.bio_s_mem);
  library.find("BIO_read", found.bio_read);
  library.find("BIO_write", found.bio_write);
  library.find("BIO_ctrl_pending", found.bio_pending);
  library.find("ERR_clear_error", found.clear_errors);
  library.find("ERR_peek_error", found.first_error);
  library.find("ERR_reason_error_string", found.reason_text);
  library.find("X509_STORE_CTX_get_ex_data", found.verification_get_ex_data);
  library.find("X509_STORE_CTX_get_error", found.verification_error);
  library.find("X509_STORE_CTX_get_current_cert", found.verification_certificate);
  library.find("X509_verify_cert_error_string", found.verification_text);
  library.find("X509_VERIFY_PARAM_set1_ip", found.param_set1_ip);
  library.find("X509_VERIFY_PARAM_set_hostflags", found.param_set_hostflags);
  library.find("X509_get_ext_d2i", found.certificate_extension);
  library.find("X509_get0_notBefore", found.not_before);
  library.find("X509_get0_notAfter", found.not_after);
  library.find("X509_cmp_current_time", found.compare_with_now);
  library.find("ASN1_TIME_to_tm", found.time_to_tm);
  library.find("ASN1_STRING_get0_data", found.string_data);
  library.find("ASN1_STRING_length", found.string_length);
  library.find("GENERAL_NAMES_free", found.names_free);
  library.find("OPENSSL_sk_num", found.stack_size);
  library.find("OPENSSL_sk_value", found.stack_at);
}

SslLibrary load() {
  const SharedLibrary library("libssl.so.3", "libssl3");
  SslLibrary found{};
  find_connections(library, found);
  find_the_rest(library, found);
  return found;
}

}  // namespace

const SslLibrary& ssl() {
  static const SslLibrary library = load();
  return library;
}

}  // namespace net
