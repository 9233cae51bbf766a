// What is wrong with a server's certificate, as a sentence for the operator:
// what it says, and what was expected.
//
// Pure, but for the clock. Any thread.
#pragma once

#include <string>

#include "dnsd/net/ssl_library.h"

namespace net {

/// `expected` is the name or address that was to be in it. REQUIRES: OpenSSL
/// has just found fault with the certificate that `verification` stands at.
std::string certificate_fault(X509_STORE_CTX* verification, const std::string& expected);

/// What OpenSSL said last on this thread, in its own words.
std::string tls_error();

}  // namespace net
