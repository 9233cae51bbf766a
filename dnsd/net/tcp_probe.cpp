#include "dnsd/net/tcp_probe.h"

#include <sys/socket.h>

#include <cstdlib>
#include <utility>

#include "dnsd/net/loop.h"

namespace net {

TcpProbe::TcpProbe(Loop& loop, const dns::SocketAddress& server, dns::Milliseconds timeout,
                   Done done)
    : loop_(loop), done_(std::move(done)) {
  auto* tcp = new uv_tcp_t;
  if (uv_tcp_init(loop.raw(), tcp) != 0) std::abort();
  tcp->data = this;
  tcp_.reset(tcp);
  sockaddr_storage address;
  server.to_sockaddr(address);
  auto* request = new uv_connect_t;
  const int status = uv_tcp_connect(request, tcp, reinterpret_cast<const sockaddr*>(&address),
                                    [](uv_connect_t* over, int outcome) {
                                      auto* self = static_cast<TcpProbe*>(over->handle->data);
                                      delete over;
                                      // Canceled: the owner is gone.
                                      if (outcome != UV_ECANCELED) self->end(outcome);
                                    });
  if (status != 0) delete request;
  status == 0 ? end_after(timeout, UV_ETIMEDOUT) : end_after(dns::Milliseconds(0), status);
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

void TcpProbe::end(int error) {
  const Done done = std::move(done_);
  done(error);
}

}  // namespace net
