// Tells the service manager how we are (the protocol of sd_notify(3): lines of
// text in a datagram to the socket that NOTIFY_SOCKET names).
//
// Without a service manager every call does nothing and succeeds. Safe on any
// thread, one call at a time.
#pragma once

#include <string>

#include "dnsd/dns/result.h"

namespace net {

class Notify {
 public:
  /// `socket` is a path, or `@name` for an abstract socket. Empty: there is no
  /// service manager.
  explicit Notify(std::string socket) : socket_(std::move(socket)) {}
  /// What NOTIFY_SOCKET says. REQUIRES: no other thread changes the environment.
  static Notify from_environment();

  /// Start-up or a reload is done; `status` is a line for `systemctl status`.
  dns::Result<dns::Done> ready(const std::string& status) const;
  /// A reload begins; ready() ends it.
  dns::Result<dns::Done> reloading() const;
  dns::Result<dns::Done> stopping() const;
  dns::Result<dns::Done> status(const std::string& status) const;

 private:
  dns::Result<dns::Done> send(const std::string& lines) const;

  std::string socket_;
};

}  // namespace net
