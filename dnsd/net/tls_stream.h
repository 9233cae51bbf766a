// One TLS connection to a server, over a TCP connection on the loop: OpenSSL
// turns bytes into bytes between the two, and never touches a socket.
//
// Connected means that the server has proved who it is; before that nothing
// that was to be sent has left. Loop thread only.
#pragma once

#include <string>

#include "dnsd/net/network.h"
#include "dnsd/net/tcp_stream.h"
#include "dnsd/net/tls_context.h"

namespace net {

class TlsStream final : public Stream, private StreamReceiver {
 public:
  /// Starts to connect. REQUIRES: all that is named outlives this. Throws
  /// std::runtime_error when OpenSSL fails.
  TlsStream(Loop& loop, const TlsContext& context, TlsServer& server, StreamReceiver& receiver);
  /// Says good-bye (close_notify), so that the session may be taken up again.
  ~TlsStream() override;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  void send(dns::Wire bytes) override;
  std::size_t unsent() const override { return waiting_.size() + tcp_.unsent(); }

 private:
  void connected() override { handshake(); }
  void received(dns::WireView bytes) override;
  void ended(const std::string& why) override;

  void handshake();
  /// All that is there to be read now. Notes when it is the last.
  dns::Wire read();
  /// Sends what OpenSSL has written.
  void flush();
  /// After `result`, OpenSSL wants more bytes; or else the connection is over, and
  /// the receiver hears of it once all else is done.
  void go_on_or_end(int result);
  std::string why_it_failed() const;
  void end_later(std::string why);

  Loop& loop_;
  StreamReceiver& receiver_;
  TlsTold told_;
  SslRef ssl_;
  BIO* in_;            // what came from the server; owned by `ssl_`
  BIO* out_;           // what is to go to it
  dns::Wire waiting_;  // to be sent once the server is known
  bool shaken_ = false;
  bool over_ = false;  // nothing is sent or received any more
  TimerId end_ = 0;
  TcpStream tcp_;  // last: it calls the rest
};

}  // namespace net
