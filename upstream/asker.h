// Asks one server one question: the one verb of every upstream, so that layers
// compose (UDP, then TCP when cut; with EDNS, then without).
//
// An errand goes down the layers to the asker that sends it, and its reply comes
// back up through them: each may change it and send it down again, and none keeps
// anything of it meanwhile. Loop thread only.
#pragma once

#include <cstdint>
#include <string>

#include "dnsd/dns/callback.h"
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
  dns::WireView message;        // valid during the call; empty where nothing usable came
  std::string why;              // for the log, where there is no message
  dns::Clock::duration took{};  // from the last time it was sent
};

using Heard = dns::Callback<void(const ServerReply& reply), 32>;

/// One question on its way to a server, and back.
struct Errand {
  UpstreamQuery query;
  dns::Time deadline;
  Heard heard;
  bool over_tcp = false;  // what UDP could not give is asked for
};

class Asker {
 public:
  virtual ~Asker() = default;
  /// Calls `errand.heard` exactly once, never before ask() returns, and not at all
  /// once the asker is destroyed. `heard` may ask again, but not destroy the asker.
  virtual void ask(const Errand& errand) = 0;

  /// From now on replies go to `above`, the layer that owns this.
  void stand_below(Asker& above) { above_ = &above; }

 protected:
  /// Of a layer: a reply from below, to report or to ask anew for. Either is the last that it does.
  virtual void came_back(Errand& errand, ServerReply& reply) { report(errand, reply); }
  /// Hands a reply to the layer above, the topmost to who asked.
  void report(Errand& errand, ServerReply& reply) {
    above_ != nullptr ? above_->came_back(errand, reply) : errand.heard(reply);
  }

 private:
  Asker* above_ = nullptr;
};

}  // namespace upstream
