#include "dnsd/net/notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace net {
namespace {

/// A file descriptor that is closed when it goes out of scope.
struct Descriptor {
  int number;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

std::string reason(int error) {
  return std::generic_category().message(error);
}

/// `@name` stands for an abstract socket, whose address begins with a zero byte.
socklen_t fill_address(sockaddr_un& out, const std::string& socket) {
  out.sun_family = AF_UNIX;
  std::memcpy(out.sun_path, socket.data(), socket.size());
  if (socket[0] == '@') out.sun_path[0] = '\0';
  return static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
}

bool is_unix_address(const std::string& socket) {
  return (socket[0] == '@' || socket[0] == '/') && socket.size() < sizeof(sockaddr_un::sun_path);
}

}  // namespace

Notify Notify::from_environment() {
  const char* socket = std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe)
  return Notify(socket == nullptr ? "" : socket);
}

dns::Result<dns::Done> Notify::ready(const std::string& status) const {
  return send("READY=1\nSTATUS=" + status);
}

dns::Result<dns::Done> Notify::reloading() const {
  // systemd 253's Type=notify-reload matches this with the moment of its request.
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  return send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(now.count()));
}

dns::Result<dns::Done> Notify::stopping() const {
  return send("STOPPING=1");
}

dns::Result<dns::Done> Notify::status(const std::string& status) const {
  return send("STATUS=" + status);
}

dns::Result<dns::Done> Notify::send(const std::string& lines) const {
  if (socket_.empty()) return dns::Done{};
  if (!is_unix_address(socket_)) {
    return dns::Error{
        "NOTIFY_SOCKET: expected an absolute path or @name of at most 107 bytes, found '" +
        socket_ + "'"};
  }
  sockaddr_un address{};
  const socklen_t size = fill_address(address, socket_);
  const Descriptor descriptor{socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  const auto* to = reinterpret_cast<const sockaddr*>(&address);
  if (descriptor.number >= 0 &&
      sendto(descriptor.number, lines.data(), lines.size(), MSG_NOSIGNAL, to, size) >= 0) {
    return dns::Done{};
  }
  return dns::Error{"the service manager was not told: sending to NOTIFY_SOCKET " + socket_ + ": " +
                    reason(errno)};
}

}  // namespace net
