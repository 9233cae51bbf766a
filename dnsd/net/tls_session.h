// What a server gave us to come back with (TLS 1.3: a ticket), so that the next
// connection to it costs one flight less and no signature.
//
// A ticket is used once (RFC 8446, C.4). The certificate was verified for this
// server when the session began, so a session is kept for one server and name
// alone, and not past the end of that certificate. Loop thread only.
#pragma once

#include <memory>

#include "dnsd/net/ssl_library.h"

namespace net {

struct FreeTlsSession {
  void operator()(SSL_SESSION* session) const { ssl().session_free(session); }
};
using TlsSessionRef = std::unique_ptr<SSL_SESSION, FreeTlsSession>;

class TlsSession {
 public:
  /// The latest is the one kept.
  void keep(TlsSessionRef session) { latest_ = std::move(session); }

  /// Null when there is none that may be used.
  TlsSessionRef take() {
    TlsSessionRef session = std::move(latest_);
    return session != nullptr && usable(session.get()) ? std::move(session) : nullptr;
  }

 private:
  static bool usable(SSL_SESSION* session) {
    const X509* certificate = ssl().session_get0_peer(session);
    return ssl().session_is_resumable(session) == 1 && certificate != nullptr &&
           ssl().compare_with_now(ssl().not_after(certificate)) > 0;
  }

  TlsSessionRef latest_;
};

}  // namespace net
