// Asks one DNS server, and waits for it: over UDP, over TCP what UDP cannot give whole.
//
// One thread.
#pragma once

#include <memory>
#include <string>

#include "conf/config.h"
#include "dnsd/dns/question.h"
#include "dnsd/dns/result.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/loop_network.h"
#include "upstream/server.h"

namespace signpost::tool {

class DnsClient {
 public:
  /// REQUIRES: `loop` outlives this, and nobody else runs it.
  DnsClient(net::Loop& loop, const conf::Upstream& where);

  /// The server's reply, whatever it says; the error says why there is none.
  dns::Result<dns::Wire> ask(const dns::Question& question);
  /// As it is written on the command line.
  const std::string& server() const { return server_->name; }

 private:
  struct Heard {
    upstream::Outcome outcome = upstream::Outcome::timed_out;
    dns::Wire message;
    std::string why;
  };
  Heard ask_for(const dns::Question& question, dns::Milliseconds most);

  net::Loop& loop_;
  net::LoopNetwork network_;
  std::unique_ptr<upstream::Server> server_;
};

}  // namespace signpost::tool
