#include "dnsd/net/fault_words.h"

#include <uv.h>

#include <cerrno>
#include <cstdlib>

namespace net {

std::string fault_words(int error) {
  switch (std::abs(error)) {
    case ECONNREFUSED:
      return "refused";
    case ETIMEDOUT:
      return "timed out";
    case ECONNRESET:
      return "reset";
    default:
      return uv_strerror(-std::abs(error));
  }
}

bool is_lack(int error) {
  const int code = std::abs(error);
  return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

bool is_end(int error) {
  return error == UV_EOF;
}

}  // namespace net
