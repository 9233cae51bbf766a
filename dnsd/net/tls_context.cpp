#include "dnsd/net/tls_context.h"

#include <array>
#include <stdexcept>

#include "dnsd/net/tls_fault.h"

namespace net {
namespace {

/// RFC 7858's protocol, with its length in front.
constexpr std::array<unsigned char, 4> kAlpn{3, 'd', 'o', 't'};

void expect(bool done) {
  if (!done) throw std::runtime_error("OpenSSL refuses: " + tls_error());
}

TlsTold& told_of(const SSL* connection) {
  return *static_cast<TlsTold*>(ssl().get_ex_data(connection, 0));
}

/// OpenSSL asks at each certificate of the chain; the first fault ends it.
int on_verify(int good, X509_STORE_CTX* verification) {
  if (good == 1) return good;
  const auto* connection = static_cast<const SSL*>(
      ssl().verification_get_ex_data(verification, ssl().ex_data_index_in_verification()));
  TlsTold& told = told_of(connection);
  told.fault = certificate_fault(verification, told.server->expected());
  return good;
}

/// 1: the session is ours now.
int on_session(SSL* connection, SSL_SESSION* session) {
  told_of(connection).server->session.keep(TlsSessionRef(session));
  return 1;
}

/// Names count as RFC 8310, 8.1 says: in subjectAltName alone.
void expect_name(SSL* connection, const TlsServer& server) {
  X509_VERIFY_PARAM* param = ssl().get0_param(connection);
  ssl().param_set_hostflags(
      param, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (const auto address = server.expected_address()) {
    return expect(ssl().param_set1_ip(param, address->data(), address->size()) == 1);
  }
  std::string name = server.expected();
  expect(ssl().set1_host(connection, name.c_str()) == 1);
  expect(ssl().ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                    name.data()) == 1);
}

}  // namespace

std::optional<dns::IpAddress> TlsServer::expected_address() const {
  return name.empty() ? address.ip : dns::IpAddress::parse(name);
}

std::string TlsServer::expected() const {
  if (name.empty()) return address.ip.to_text();
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

TlsContext::TlsContext() : context_(ssl().ctx_new(ssl().client_method())) {
  expect(context_ != nullptr);
  SSL_CTX* context = context_.get();
  expect(ssl().ctx_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, nullptr) == 1);
  ssl().ctx_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  ssl().ctx_ctrl(context, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS, nullptr);
  expect(ssl().ctx_set_default_verify_paths(context) == 1);
  ssl().ctx_set_verify(context, SSL_VERIFY_PEER, on_verify);
  expect(ssl().ctx_set_alpn_protos(context, kAlpn.data(), kAlpn.size()) == 0);
  ssl().ctx_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE,
                 SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL, nullptr);
  ssl().ctx_sess_set_new_cb(context, on_session);
}

SslRef TlsContext::open(TlsTold& told) const {
  ssl().clear_errors();
  SslRef connection(ssl().create(context_.get()));
  expect(connection != nullptr);
  SSL* raw = connection.get();
  BIO* in = ssl().bio_new(ssl().bio_s_mem());
  BIO* out = ssl().bio_new(ssl().bio_s_mem());
  ssl().set_bio(raw, in, out);  // which owns them now, and bears null
  expect(in != nullptr && out != nullptr);
  expect(ssl().set_ex_data(raw, 0, &told) == 1);
  expect_name(raw, *told.server);
  const TlsSessionRef session = told.server->session.take();
  if (session != nullptr) ssl().set_session(raw, session.get());
  ssl().set_connect_state(raw);
  return connection;
}

}  // namespace net
