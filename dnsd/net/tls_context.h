// What all TLS connections of one loop share: strict authentication (RFC 8310)
// against the machine's trusted authorities, TLS 1.2 at least, ALPN `dot`.
//
// The authorities are OpenSSL's: those of the system, or SSL_CERT_FILE and
// SSL_CERT_DIR. Loop thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "dnsd/dns/address.h"
#include "dnsd/net/ssl_library.h"
#include "dnsd/net/tls_session.h"

namespace net {

/// One server over TLS, and what is remembered of it between connections.
struct TlsServer {
  dns::SocketAddress address;
  std::string name;  // who it must prove to be; empty: its address
  TlsSession session;

  /// The address to be found in its certificate, where no name is.
  std::optional<dns::IpAddress> expected_address() const;
  /// The name or address to be found in its certificate, as text.
  std::string expected() const;
};

/// One connection as OpenSSL's callbacks see it.
struct TlsTold {
  TlsServer* server = nullptr;
  std::string fault;  // what is wrong with the certificate; empty while nothing is
};

struct FreeSsl {
  void operator()(SSL* connection) const { ssl().free(connection); }
};
using SslRef = std::unique_ptr<SSL, FreeSsl>;

class TlsContext {
 public:
  /// Throws std::runtime_error when OpenSSL is not there or does not work.
  TlsContext();

  /// A connection to `told.server`, over two memory BIOs, about to begin; it
  /// takes the server's session up if there is one. REQUIRES: `told` and its
  /// server outlive it. Throws std::runtime_error, with what OpenSSL says.
  SslRef open(TlsTold& told) const;

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { ssl().ctx_free(context); }
  };
  std::unique_ptr<SSL_CTX, FreeContext> context_;
};

}  // namespace net
