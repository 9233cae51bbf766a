// Who owns libuv's handles, in two sentences:
//   a handle  is owned by a Handle<T>: destroying it starts uv_close, and the
//             memory goes when libuv says that the handle is closed;
//   a request owns itself and the bytes it sends, and dies in its callback.
//
// Every handle's `data` points at its owner, which is gone once the Handle is:
// libuv calls nothing but the close callback after uv_close.
//
// Loop thread only.
#pragma once

#include <uv.h>

#include <memory>

namespace net {

struct CloseHandle {
  template <typename T>
  void operator()(T* handle) const {
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<T*>(closed); });
  }
};

/// REQUIRES: the handle was initialised on a loop (its uv_*_init succeeded)
/// before this goes out of scope.
template <typename T>
using Handle = std::unique_ptr<T, CloseHandle>;

}  // namespace net
