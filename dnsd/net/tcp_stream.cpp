#include "dnsd/net/tcp_stream.h"

#include <array>
#include <memory>
#include <utility>

#include "dnsd/net/loop.h"
#include "dnsd/net/tcp_connect.h"

namespace net {
namespace {

TcpStream* owner_of(void* data) {
  return static_cast<TcpStream*>(data);
}

/// Every read of this thread goes here, and is used up before the next. Made when
/// a stream first reads: room in the thread's own storage would cost each thread all of it.
std::array<char, 65536>& read_buffer() {
  using Buffer = std::array<char, 65536>;
  static thread_local const auto buffer = std::make_unique_for_overwrite<Buffer>();
  return *buffer;
}

/// Owns itself and its bytes, and dies in its callback.
struct Write {
  uv_write_t request;
  dns::Wire bytes;
};

}  // namespace

TcpStream::TcpStream(Loop& loop, const dns::SocketAddress& server, StreamReceiver& receiver)
    : loop_(loop), server_(server), receiver_(receiver) {
  auto start = begin_connection(
      loop, server, this, [](void* owner, int status) { owner_of(owner)->connected(status); });
  tcp_ = std::move(start.tcp);
  if (start.error != 0) fail_later(start.error);
}

TcpStream::~TcpStream() {
  loop_.cancel(failure_);
}

void TcpStream::fail_later(int status) {
  over_ = true;
  failure_ = loop_.after(dns::Milliseconds(0), [this, status] {
    failure_ = 0;
    end("cannot connect to ", status);
  });
}

void TcpStream::connected(int status) {
  if (status != 0) return end("cannot connect to ", status);
  uv_tcp_nodelay(tcp_.get(), 1);
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(tcp_.get()),
      [](uv_handle_t*, std::size_t, uv_buf_t* out) {
        *out = uv_buf_init(read_buffer().data(), read_buffer().size());
      },
      [](uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
        owner_of(stream->data)->read(size, buffer->base);
      });
  receiver_.connected();
}

void TcpStream::read(ssize_t size, const char* bytes) {
  if (size == 0) return;
  if (size < 0) return end("lost the connection to ", static_cast<int>(size));
  receiver_.received(
      {reinterpret_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)});
}

void TcpStream::end(const char* what, int status) {
  over_ = true;
  uv_read_stop(reinterpret_cast<uv_stream_t*>(tcp_.get()));
  if (status == UV_EOF) return receiver_.ended("");
  receiver_.ended(what + server_.to_text() + ": " + uv_strerror(status));
}

void TcpStream::send(dns::Wire bytes) {
  if (over_) return;
  auto* write = new Write{{}, std::move(bytes)};
  const uv_buf_t buffer = uv_buf_init(reinterpret_cast<char*>(write->bytes.data()),
                                      static_cast<unsigned>(write->bytes.size()));
  write->request.data = write;
  // A write that fails shows as the end of the stream, where it is told.
  const int status =
      uv_write(&write->request, reinterpret_cast<uv_stream_t*>(tcp_.get()), &buffer, 1,
               [](uv_write_t* done, int) { delete static_cast<Write*>(done->data); });
  if (status != 0) delete write;
}

std::size_t TcpStream::unsent() const {
  return uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t*>(tcp_.get()));
}

}  // namespace net
