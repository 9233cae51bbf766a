// The connections of all TCP sockets of one loop. They are bounded together: at
// the bound the one that has rested longest goes, by whichever socket it came.
//
// Loop thread only.
#pragma once

#include <cstddef>
#include <list>

#include "dnsd/dns/time.h"

namespace net {

struct TcpLimits {
  std::size_t connections = 256;
  dns::Milliseconds idle{10'000};
};

class TcpConnections {
 public:
  class Connection {
   public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    /// Leaves the others, if it has joined them.
    virtual ~Connection() {
      if (among_ != nullptr) among_->by_use_.erase(place_);
    }
    /// A query of it is under way: it waits for us.
    virtual bool is_owed() const = 0;
    /// That is not so, and nothing of a reply is unsent.
    virtual bool rests() const = 0;
    /// Ends it, and destroys this.
    virtual void close() = 0;
    dns::Time last_used() const { return last_used_; }

   private:
    friend class TcpConnections;
    TcpConnections* among_ = nullptr;
    std::list<Connection*>::iterator place_;
    dns::Time last_used_;
  };

  const TcpLimits& limits() const { return limits_; }
  /// Those that rest and are too many by now are closed.
  void set_limits(const TcpLimits& limits) {
    limits_ = limits;
    make_room_for(0);
  }

  /// Closes those that rest longest, as many as it takes. False: too few rest.
  bool make_room_for(std::size_t more) {
    while (by_use_.size() + more > limits_.connections) {
      if (!close_one()) return false;
    }
    return true;
  }

  /// `connection` must leave, which destroying it does, before this is destroyed.
  void join(Connection& connection, dns::Time now) {
    connection.among_ = this;
    connection.last_used_ = now;
    connection.place_ = by_use_.insert(by_use_.end(), &connection);
  }
  void used(Connection& connection, dns::Time now) {
    connection.last_used_ = now;
    by_use_.splice(by_use_.end(), by_use_, connection.place_);
  }
  /// Whose last use is furthest back; null if there is none.
  Connection* longest_unused() const { return by_use_.empty() ? nullptr : by_use_.front(); }

 private:
  bool close_one() {
    for (Connection* connection : by_use_) {
      if (!connection->rests()) continue;
      connection->close();
      return true;
    }
    return false;
  }

  TcpLimits limits_;
  std::list<Connection*> by_use_;
};

}  // namespace net
