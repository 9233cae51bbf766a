#include "dnsd/net/tcp_probe.h"

#include <array>
#include <memory>
#include <utility>

#include "dnsd/net/loop.h"
#include "dnsd/net/tcp_connect.h"

namespace net {
namespace {

TcpProbe* owner_of(void* data) {
  return static_cast<TcpProbe*>(data);
}

/// Every read goes here, and is used up before the next; of the one thread that probes.
using Buffer = std::array<char, 4096>;
Buffer& read_buffer() {
  static thread_local const auto buffer = std::make_unique_for_overwrite<Buffer>();
  return *buffer;
}

}  // namespace

TcpProbe::TcpProbe(Loop& loop, const dns::SocketAddress& server, dns::Milliseconds timeout,
                   Done done, TcpExchange exchange)
    : loop_(loop), done_(std::move(done)), exchange_(std::move(exchange)) {
  auto start = begin_connection(
      loop, server, this, [](void* owner, int status) { owner_of(owner)->connected(status); });
  tcp_ = std::move(start.tcp);
  start.error == 0 ? end_after(timeout, UV_ETIMEDOUT)
                   : end_after(dns::Milliseconds(0), start.error);
}

TcpProbe::~TcpProbe() {
  loop_.cancel(timer_);
}

void TcpProbe::end_after(dns::Milliseconds time, int error) {
  timer_ = loop_.after(time, [this, error] {
    timer_ = 0;
    end(error);
  });
}

void TcpProbe::connected(int status) {
  connected_ = status == 0;
  if (!connected_ || !exchange_.heard) return end(status);
  const int problem = ask();
  if (problem != 0) end(problem);
}

/// The kernel has room for a question on a new connection, or the host lacks memory.
int TcpProbe::ask() {
  auto* stream = reinterpret_cast<uv_stream_t*>(tcp_.get());
  const auto size = static_cast<unsigned>(exchange_.question.size());
  const uv_buf_t question = uv_buf_init(exchange_.question.data(), size);
  const int sent = uv_try_write(stream, &question, 1);
  if (sent < 0) return sent;
  if (static_cast<unsigned>(sent) < size) return UV_ENOBUFS;
  return uv_read_start(
      stream,
      [](uv_handle_t*, std::size_t, uv_buf_t* out) {
        *out = uv_buf_init(read_buffer().data(), read_buffer().size());
      },
      [](uv_stream_t* from, ssize_t got, const uv_buf_t* buffer) {
        owner_of(from->data)->read(got, buffer->base);
      });
}

void TcpProbe::read(ssize_t size, const char* bytes) {
  if (size < 0) return end(static_cast<int>(size));
  const bool enough =
      size > 0 && exchange_.heard(std::string_view(bytes, static_cast<std::size_t>(size)));
  if (enough) end(0);
}

void TcpProbe::end(int error) {
  uv_read_stop(reinterpret_cast<uv_stream_t*>(tcp_.get()));
  const Done done = std::move(done_);
  done({connected_, error});
}

}  // namespace net
