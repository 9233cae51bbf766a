// The other end of a TCP connection, on the test's own loop, that says and hears
// plain bytes: a server that misbehaves to order, or a client that does.
#pragma once

#include <gtest/gtest.h>
#include <uv.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/net/handle.h"
#include "dnsd/net/loop.h"

namespace support {

/// One connection: what it heard, and whether the other side has closed it.
class TcpPeer {
 public:
  explicit TcpPeer(net::Loop& loop) {
    EXPECT_EQ(uv_tcp_init(loop.raw(), tcp_.get()), 0);
    tcp_->data = this;
  }
  TcpPeer(const TcpPeer&) = delete;
  TcpPeer& operator=(const TcpPeer&) = delete;

  /// As a client: says `bytes` once connected, and listens.
  void connect(const dns::SocketAddress& to, std::string bytes) {
    sockaddr_storage address{};
    to.to_sockaddr(address);
    first_words_ = std::move(bytes);
    const auto on_connect = [](uv_connect_t* request, int status) {
      if (status == 0) static_cast<TcpPeer*>(request->handle->data)->begin();
      delete request;
    };
    uv_tcp_connect(new uv_connect_t, tcp_.get(), reinterpret_cast<sockaddr*>(&address), on_connect);
  }

  void accept_from(uv_stream_t* listener) {
    EXPECT_EQ(uv_accept(listener, stream()), 0);
    listen();
  }

  void say(const std::string& bytes) {
    struct Write {
      uv_write_t request{};
      std::string bytes;
    };
    auto* write = new Write{{}, bytes};
    write->request.data = write;
    const uv_buf_t buffer = uv_buf_init(write->bytes.data(), unsigned(write->bytes.size()));
    uv_write(&write->request, stream(), &buffer, 1,
             [](uv_write_t* done, int) { delete static_cast<Write*>(done->data); });
  }

  void close() { tcp_.reset(); }

  std::string heard;
  bool ended = false;
  std::function<void()> on_heard;  // after `heard` has grown

 private:
  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(tcp_.get()); }

  void begin() {
    say(first_words_);
    listen();
  }

  void listen() {
    const auto on_allocate = [](uv_handle_t* handle, std::size_t, uv_buf_t* out) {
      auto& space = static_cast<TcpPeer*>(handle->data)->space_;
      *out = uv_buf_init(space.data(), unsigned(space.size()));
    };
    uv_read_start(stream(), on_allocate, [](uv_stream_t* stream, ssize_t size, const uv_buf_t*) {
      static_cast<TcpPeer*>(stream->data)->take(size);
    });
  }

  void take(ssize_t size) {
    if (size < 0) {
      ended = true;
      uv_read_stop(stream());
      return;
    }
    heard.append(space_.data(), static_cast<std::size_t>(size));
    if (on_heard) on_heard();
  }

  std::vector<char> space_ = std::vector<char>(65536);
  std::string first_words_;
  net::Handle<uv_tcp_t> tcp_{new uv_tcp_t};
};

/// Listens on a free port of 127.0.0.1. Each whole request header heard is kept
/// in `requests` and goes to `script`, which speaks through the peer.
class ScriptedServer {
 public:
  using Script = std::function<void(TcpPeer&, const std::string& request)>;

  ScriptedServer(net::Loop& loop, Script script) : loop_(loop), script_(std::move(script)) {
    sockaddr_in any{};
    uv_ip4_addr("127.0.0.1", 0, &any);
    EXPECT_EQ(uv_tcp_init(loop.raw(), listener_.get()), 0);
    EXPECT_EQ(uv_tcp_bind(listener_.get(), reinterpret_cast<sockaddr*>(&any), 0), 0);
    listener_->data = this;
    const auto on_connection = [](uv_stream_t* listener, int) {
      static_cast<ScriptedServer*>(listener->data)->accept();
    };
    EXPECT_EQ(uv_listen(reinterpret_cast<uv_stream_t*>(listener_.get()), 128, on_connection), 0);
  }

  dns::SocketAddress address() const {
    sockaddr_storage found{};
    int size = sizeof found;
    uv_tcp_getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&found), &size);
    return dns::SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&found));
  }
  std::string port() const { return std::to_string(address().port); }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + port() + path; }

  std::vector<std::string> requests;
  std::vector<std::unique_ptr<TcpPeer>> peers;

 private:
  void accept() {
    TcpPeer& peer = *peers.emplace_back(std::make_unique<TcpPeer>(loop_));
    peer.on_heard = [this, &peer] { take_requests(peer); };
    peer.accept_from(reinterpret_cast<uv_stream_t*>(listener_.get()));
  }

  void take_requests(TcpPeer& peer) {
    const std::string end = "\r\n\r\n";
    for (auto at = peer.heard.find(end); at != std::string::npos; at = peer.heard.find(end)) {
      requests.push_back(peer.heard.substr(0, at + end.size()));
      peer.heard.erase(0, at + end.size());
      script_(peer, requests.back());
    }
  }

  net::Loop& loop_;
  Script script_;
  net::Handle<uv_tcp_t> listener_{new uv_tcp_t};
};

/// An HTTP/1.1 reply with its Content-Length.
inline std::string http_reply(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

}  // namespace support
