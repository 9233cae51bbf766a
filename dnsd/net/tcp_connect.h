// How both kinds of TCP connection begin. For this folder alone.
//
// Loop thread only.
#pragma once

#include "dnsd/dns/address.h"
#include "dnsd/net/handle.h"

namespace net {

class Loop;

struct TcpStart {
  Handle<uv_tcp_t> tcp;
  int error = 0;  // libuv's; not 0: `connected` will not be called
};

/// Starts to connect to `server`. `connected(owner, status)` is called by the loop, and not at
/// all once the handle is destroyed. The handle's `data` is `owner`.
TcpStart begin_connection(Loop& loop, const dns::SocketAddress& server, void* owner,
                          void (*connected)(void* owner, int status));

}  // namespace net
