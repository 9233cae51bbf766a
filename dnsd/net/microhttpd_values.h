// What libmicrohttpd holds of a request, as a value, and an answer given back to it.
//
// Loop thread only.
#pragma once

#include <cstddef>

#include "dnsd/net/http_question.h"
#include "dnsd/net/microhttpd_library.h"

namespace net {

/// All but the body.
HttpQuestion read_question(MHD_Connection* connection, const char* method, const char* path);

/// The size of the body as Content-Length says; 0 when it says nothing.
std::size_t announced_size(const HttpQuestion& question);

/// Sends `answer` once the caller, which libmicrohttpd has called, returns.
MHD_Result queue_answer(MHD_Connection* connection, const HttpAnswer& answer);

}  // namespace net
