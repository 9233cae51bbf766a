#include "dnsd/net/tcp_connect.h"

#include <sys/socket.h>

#include <cstdlib>

#include "dnsd/net/loop.h"

namespace net {
namespace {

/// Owns itself, and dies in its callback.
struct Connect {
  uv_connect_t request;
  void (*connected)(void* owner, int status);
};

void over(uv_connect_t* request, int status) {
  auto* connect = static_cast<Connect*>(request->data);
  uv_stream_t* stream = request->handle;
  const auto connected = connect->connected;
  delete connect;
  // Canceled: the owner is gone.
  if (status != UV_ECANCELED) connected(stream->data, status);
}

}  // namespace

TcpStart begin_connection(Loop& loop, const dns::SocketAddress& server, void* owner,
                          void (*connected)(void* owner, int status)) {
  TcpStart start;
  auto* tcp = new uv_tcp_t;
  if (uv_tcp_init(loop.raw(), tcp) != 0) std::abort();
  tcp->data = owner;
  start.tcp.reset(tcp);
  sockaddr_storage address;
  server.to_sockaddr(address);
  auto* connect = new Connect{{}, connected};
  connect->request.data = connect;
  start.error =
      uv_tcp_connect(&connect->request, tcp, reinterpret_cast<const sockaddr*>(&address), over);
  if (start.error != 0) delete connect;
  return start;
}

}  // namespace net
