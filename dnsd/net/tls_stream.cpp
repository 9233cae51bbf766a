#include "dnsd/net/tls_stream.h"

#include <array>
#include <memory>
#include <utility>

#include "dnsd/net/loop.h"
#include "dnsd/net/tls_fault.h"

namespace net {
namespace {

/// Room for the most that one TLS record carries; a thread has one once it needs it.
std::array<std::uint8_t, 16'384>& record_room() {
  using Room = std::array<std::uint8_t, 16'384>;
  static thread_local const auto room = std::make_unique_for_overwrite<Room>();
  return *room;
}

}  // namespace

TlsStream::TlsStream(Loop& loop, const TlsContext& context, TlsServer& server,
                     StreamReceiver& receiver)
    : loop_(loop),
      receiver_(receiver),
      told_{&server, {}},
      ssl_(context.open(told_)),
      in_(ssl().get_rbio(ssl_.get())),
      out_(ssl().get_wbio(ssl_.get())),
      tcp_(loop, server.address, *this) {}

TlsStream::~TlsStream() {
  loop_.cancel(end_);
  if (!shaken_ || over_) return;
  ssl().shutdown(ssl_.get());
  flush();
}

void TlsStream::send(dns::Wire bytes) {
  if (over_ || bytes.empty()) return;
  if (!shaken_) {
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    return;
  }
  ssl().clear_errors();
  const int written = ssl().write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  flush();
  if (written <= 0) end_later("TLS to it failed: " + tls_error());
}

void TlsStream::received(dns::WireView bytes) {
  if (over_) return;
  ssl().bio_write(in_, bytes.data(), static_cast<int>(bytes.size()));
  if (!shaken_) handshake();
  if (!shaken_ || over_) return;
  const dns::Wire plain = read();
  if (!plain.empty()) receiver_.received(plain);
}

void TlsStream::handshake() {
  ssl().clear_errors();
  const int result = ssl().do_handshake(ssl_.get());
  if (result != 1) return go_on_or_end(result);
  flush();
  shaken_ = true;
  send(std::exchange(waiting_, {}));
  receiver_.connected();
}

dns::Wire TlsStream::read() {
  auto& room = record_room();
  dns::Wire plain;
  for (;;) {
    ssl().clear_errors();
    const int size = ssl().read(ssl_.get(), room.data(), static_cast<int>(room.size()));
    if (size <= 0) {
      go_on_or_end(size);
      return plain;
    }
    plain.insert(plain.end(), room.data(), room.data() + size);
  }
}

void TlsStream::go_on_or_end(int result) {
  const int error = ssl().get_error(ssl_.get(), result);
  const std::string why = error == SSL_ERROR_SSL ? why_it_failed() : "";
  flush();  // an alert, too
  if (error != SSL_ERROR_WANT_READ) end_later(why);
}

std::string TlsStream::why_it_failed() const {
  if (!told_.fault.empty()) return told_.fault;
  const bool no_tls = ERR_GET_REASON(ssl().first_error()) == SSL_R_WRONG_VERSION_NUMBER;
  if (!shaken_ && no_tls) return "it does not speak TLS, or none that is new enough (1.2)";
  return (shaken_ ? "TLS to it failed: " : "no TLS connection to it: ") + tls_error();
}

void TlsStream::flush() {
  dns::Wire bytes(ssl().bio_pending(out_));
  if (bytes.empty()) return;
  ssl().bio_read(out_, bytes.data(), static_cast<int>(bytes.size()));
  tcp_.send(std::move(bytes));
}

void TlsStream::end_later(std::string why) {
  if (std::exchange(over_, true)) return;
  end_ = loop_.after(dns::Milliseconds(0), [this, why = std::move(why)] {
    end_ = 0;
    receiver_.ended(why);
  });
}

void TlsStream::ended(const std::string& why) {
  if (std::exchange(over_, true)) return;  // end_later() tells why
  const bool left_early = !shaken_ && why.empty();
  receiver_.ended(left_early ? "it closed the connection before TLS was agreed on" : why);
}

}  // namespace net
