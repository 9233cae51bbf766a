// libcurl's sockets and timer, run by our loop (its multi-socket interface).
//
// Loop thread only.
#pragma once

#include "dnsd/net/curl_library.h"

#include <functional>
#include <memory>

namespace net {

class Loop;

class CurlSockets {
 public:
  /// Hears of each transfer that is over. It may remove that transfer and others,
  /// but not destroy the CurlSockets.
  using Finished = std::function<void(CURL*, CURLcode)>;

  CurlSockets(Loop& loop, Finished finished);
  /// REQUIRES: every transfer is removed.
  ~CurlSockets();
  CurlSockets(const CurlSockets&) = delete;
  CurlSockets& operator=(const CurlSockets&) = delete;

  /// Starts a transfer; nothing is heard of it before add() returns.
  void add(CURL* transfer);
  /// Ends it where it stands; nothing more is heard of it.
  void remove(CURL* transfer);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace net
