// One attempt to connect over TCP, and how it went.
//
// Loop thread only.
#pragma once

#include <functional>

#include "dnsd/dns/address.h"
#include "dnsd/net/handle.h"
#include "dnsd/net/timers.h"

namespace net {

class Loop;

class TcpProbe {
 public:
  /// 0: the connection stood, and is closed. Else an errno (fault_words.h), of either sign.
  using Done = std::function<void(int error)>;

  /// Starts to connect. `done` is called once, never before this is made; it may destroy this.
  /// REQUIRES: `loop` outlives this.
  TcpProbe(Loop& loop, const dns::SocketAddress& server, dns::Milliseconds timeout, Done done);
  ~TcpProbe();
  TcpProbe(const TcpProbe&) = delete;
  TcpProbe& operator=(const TcpProbe&) = delete;

 private:
  void end_after(dns::Milliseconds time, int error);
  /// Calls out; nothing may follow.
  void end(int error);

  Loop& loop_;
  Done done_;
  TimerId timer_ = 0;
  Handle<uv_tcp_t> tcp_;
};

}  // namespace net
