// Reads a daemon's control port, and waits for it.
//
// One thread.
#pragma once

#include <memory>
#include <string>

#include "dnsd/dns/address.h"
#include "dnsd/dns/result.h"
#include "dnsd/net/curl_client.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/loop.h"

namespace signpost::tool {

class ControlClient {
 public:
  /// REQUIRES: `loop` outlives this, and nobody else runs it.
  ControlClient(net::Loop& loop, const dns::SocketAddress& where);

  struct Reply {
    int status = 0;
    std::string body;
  };
  /// What it says of `target`, `/v1/services`; the error says why it could not be asked.
  dns::Result<Reply> get(const std::string& target);
  /// `http://127.0.0.1:5380`
  std::string url() const { return "http://" + where_.to_text(); }

 private:
  /// It is asked by address alone.
  class NoNames final : public net::HostResolver {
   public:
    void resolve(const std::string& host, Done done) override;
  };

  net::Loop& loop_;
  dns::SocketAddress where_;
  NoNames names_;
  net::CurlClient client_;
};

}  // namespace signpost::tool
