// One TCP connection to a server, on the loop.
#pragma once

#include <string>

#include "dnsd/net/handle.h"
#include "dnsd/net/network.h"
#include "dnsd/net/timers.h"

namespace net {

class Loop;

class TcpStream final : public Stream {
 public:
  /// Starts to connect. REQUIRES: `loop` and `receiver` outlive this.
  TcpStream(Loop& loop, const dns::SocketAddress& server, StreamReceiver& receiver);
  ~TcpStream() override;
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  void send(dns::Wire bytes) override;
  std::size_t unsent() const override;

 private:
  void connected(int status);
  void read(ssize_t size, const char* bytes);
  void fail_later(int status);
  /// Calls out; nothing may follow.
  void end(const char* what, int status);

  Loop& loop_;
  dns::SocketAddress server_;
  StreamReceiver& receiver_;
  TimerId failure_ = 0;
  bool over_ = false;  // nothing is sent any more
  Handle<uv_tcp_t> tcp_;
};

}  // namespace net
