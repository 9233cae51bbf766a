// What came of asking upstream.
#pragma once

#include <string>

#include "dnsd/dns/codes.h"
#include "upstream/asker.h"

namespace upstream {

/// A whole message of a server, checked against the question, in its letters, or
/// why there is none.
struct Answer {
  dns::WireView message;  // valid during the call; empty: nobody answered
  /// With no message: what to tell the client (RFC 8914) and the log.
  dns::ExtendedError error = dns::ExtendedError::OTHER;
  std::string why;

  bool ok() const { return !message.empty(); }
};

/// Both are valid during the call.
using AnswerDone = dns::Callback<void(const UpstreamQuery& asked, const Answer& answer), 32>;

}  // namespace upstream
