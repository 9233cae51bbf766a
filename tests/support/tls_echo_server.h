// A TLS server of OpenSSL on a thread of its own: it says back what it hears,
// one connection after the other, and keeps what was agreed on in each.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dnsd/dns/address.h"
#include "tests/support/test_certificate.h"

namespace support {

class TlsEchoServer {
 public:
  /// One connection that came.
  struct Met {
    bool agreed = false;  // the handshake went to its end
    bool resumed = false;
    std::string name;      // SNI
    std::string protocol;  // ALPN
    int version = 0;
    std::string heard;
    bool good_bye = false;  // close_notify came
  };

  explicit TlsEchoServer(const TestCertificate& certificate, int version_most = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);  // it may be worse than any client wants
    SSL_CTX_set_max_proto_version(context_.get(), version_most);
    use(certificate);
    SSL_CTX_set_alpn_select_cb(context_.get(), choose_dot, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // it may write to who has left
    listen_on_loopback();
    thread_ = std::thread([this] { serve(); });
  }
  ~TlsEchoServer() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      shutdown(listener_, SHUT_RDWR);
      if (peer_ >= 0) shutdown(peer_, SHUT_RDWR);
    }
    thread_.join();
    close(listener_);
  }
  TlsEchoServer(const TlsEchoServer&) = delete;
  TlsEchoServer& operator=(const TlsEchoServer&) = delete;

  const dns::SocketAddress& address() const { return address_; }
  std::vector<Met> met() const {
    const std::lock_guard lock(mutex_);
    return met_;
  }

 private:
  static int choose_dot(SSL*, const unsigned char** out, unsigned char* size,
                        const unsigned char* offered, unsigned offered_size, void*) {
    static constexpr std::array<unsigned char, 4> kDot{3, 'd', 'o', 't'};
    unsigned char* chosen = nullptr;
    const int found =
        SSL_select_next_proto(&chosen, size, kDot.data(), kDot.size(), offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
  }

  void use(const TestCertificate& pem) {
    using namespace certificate_detail;
    const Certificate certificate(
        PEM_read_bio_X509(reading(pem.certificate).get(), nullptr, nullptr, nullptr));
    const Key key(PEM_read_bio_PrivateKey(reading(pem.key).get(), nullptr, nullptr, nullptr));
    EXPECT_EQ(SSL_CTX_use_certificate(context_.get(), certificate.get()), 1);
    EXPECT_EQ(SSL_CTX_use_PrivateKey(context_.get(), key.get()), 1);
  }

  void listen_on_loopback() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_storage storage;
    unsigned size = dns::SocketAddress::from_text("127.0.0.1:0", 0).value().to_sockaddr(storage);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&storage), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&storage), &size);
    address_ = dns::SocketAddress::from_sockaddr(reinterpret_cast<sockaddr*>(&storage));
  }

  void serve() {
    for (;;) {
      const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (peer < 0) return;
      if (remember(peer)) meet(peer);
      forget(peer);
    }
  }
  /// So that a connection does not outlast the server. False: it is to stop.
  bool remember(int peer) {
    const std::lock_guard lock(mutex_);
    peer_ = peer;
    return !stopping_;
  }
  void forget(int peer) {
    const std::lock_guard lock(mutex_);
    peer_ = -1;
    close(peer);
  }

  void meet(int peer) {
    const std::unique_ptr<SSL, certificate_detail::Free<SSL_free>> ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), peer);
    Met met;
    met.agreed = SSL_accept(ssl.get()) == 1;
    const char* name = SSL_get_servername(ssl.get(), TLSEXT_NAMETYPE_host_name);
    if (name != nullptr) met.name = name;
    met.version = SSL_version(ssl.get());
    met.resumed = SSL_session_reused(ssl.get()) == 1;
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl.get(), &protocol, &size);
    if (size > 0) met.protocol.assign(reinterpret_cast<const char*>(protocol), size);
    if (met.agreed) echo(ssl.get(), met);
    const std::lock_guard lock(mutex_);
    met_.push_back(std::move(met));
  }

  /// "bye" is answered with the end of TLS, in one write with the echo.
  static void echo(SSL* ssl, Met& met) {
    std::array<char, 4096> room;
    for (;;) {
      const int size = SSL_read(ssl, room.data(), static_cast<int>(room.size()));
      if (size <= 0) break;
      met.heard.append(room.data(), static_cast<std::size_t>(size));
      SSL_write(ssl, room.data(), size);
      if (met.heard.ends_with("bye")) break;
    }
    met.good_bye = (SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
    SSL_shutdown(ssl);
  }

  std::unique_ptr<SSL_CTX, certificate_detail::Free<SSL_CTX_free>> context_;
  int listener_ = -1;
  dns::SocketAddress address_;
  mutable std::mutex mutex_;
  std::vector<Met> met_;
  int peer_ = -1;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace support
