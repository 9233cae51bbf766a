// One attempt to connect over TCP, and how it went; with a few words to say and an answer to hear,
// where that is wanted.
//
// Loop thread only.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "dnsd/dns/address.h"
#include "dnsd/net/handle.h"
#include "dnsd/net/timers.h"

namespace net {

class Loop;

/// What is said once the connection stands. `heard` takes the answer, cut anywhere, and says
/// whether that was enough; it may not destroy the probe.
struct TcpExchange {
  std::string question;
  std::function<bool(std::string_view part)> heard;
};

struct TcpOutcome {
  bool connected = false;
  int error =
      0;  // an errno (fault_words.h), of either sign; UV_EOF: the server ended the connection
};

class TcpProbe {
 public:
  /// Error 0: the connection stood, and with an exchange enough was heard. It is closed.
  using Done = std::function<void(const TcpOutcome& outcome)>;

  /// Starts to connect. `done` is called once, never before this is made; it may destroy this.
  /// `timeout` is for all of it. REQUIRES: `loop` outlives this.
  TcpProbe(Loop& loop, const dns::SocketAddress& server, dns::Milliseconds timeout, Done done,
           TcpExchange exchange = {});
  ~TcpProbe();
  TcpProbe(const TcpProbe&) = delete;
  TcpProbe& operator=(const TcpProbe&) = delete;

 private:
  void end_after(dns::Milliseconds time, int error);
  void connected(int status);
  /// An errno, or 0.
  int ask();
  void read(ssize_t size, const char* bytes);
  /// Calls out; nothing may follow.
  void end(int error);

  Loop& loop_;
  Done done_;
  TcpExchange exchange_;
  bool connected_ = false;
  TimerId timer_ = 0;
  Handle<uv_tcp_t> tcp_;
};

}  // namespace net
