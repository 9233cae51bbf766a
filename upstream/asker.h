// Asks one server one question: the one verb of every upstream, so that layers
// compose (UDP, then TCP when cut; with EDNS, then without).
//
// Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "dnsd/dns/question.h"
#include "dnsd/dns/time.h"
#include "dnsd/dns/wire.h"

namespace upstream {

/// What a server is asked. EDNS options are ours alone: none of the client's
/// passes here.
struct UpstreamQuery {
  dns::Question question;
  bool dnssec_ok = false;
  bool checking_disabled = false;
  bool edns = true;  // false: a server that does not understand it
};

enum class Outcome : std::uint8_t {
  answered,        // NOERROR or NXDOMAIN, checked, whole
  truncated,       // TC=1: the whole answer is to be had over TCP
  bad_answer,      // SERVFAIL, REFUSED, another rcode, malformed: ask the next server
  not_understood,  // FORMERR, NOTIMP, BADVERS: perhaps without EDNS
  suspicious,      // many replies that match nothing: somebody may be guessing
  timed_out,
  unreachable,  // no connection, or the kernel says that nobody is there
};

struct ServerReply {
  Outcome outcome = Outcome::timed_out;
  dns::Wire message;            // as it came; empty where nothing usable did
  std::string why;              // for the log, where there is no message
  dns::Clock::duration took{};  // from the last time it was sent
};

/// `query` is what was asked, back for whoever asks again; valid during the call.
using Heard = std::function<void(const UpstreamQuery& query, ServerReply reply)>;

class Asker {
 public:
  virtual ~Asker() = default;
  /// Calls `heard` exactly once, never before ask() returns, and not at all once
  /// the asker is destroyed. `heard` may ask again, but not destroy the asker.
  virtual void ask(const UpstreamQuery& query, dns::Time deadline, Heard heard) = 0;
};

}  // namespace upstream
