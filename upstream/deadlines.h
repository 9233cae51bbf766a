// Deadlines of many queries on one timer of the loop.
//
// Nothing is taken out when a query lands: the owner looks the id up when it
// comes due. What is dead is swept once it is the larger part, so memory follows
// the queries in flight. Loop thread only.
#pragma once

#include <functional>
#include <vector>

#include "dnsd/net/timers.h"
#include "upstream/in_flight.h"

namespace upstream {

class Deadlines {
 public:
  /// `alive` says whether an id is still worth waking up for; `due` is called
  /// once for each that is when its time comes, and may add() more. REQUIRES:
  /// `timers` outlives this.
  Deadlines(net::Timers& timers, std::function<bool(FlightId)> alive,
            std::function<void(FlightId)> due);
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  /// Never calls `due` before it returns, even when `when` has passed.
  void add(dns::Time when, FlightId id);

 private:
  struct Entry {
    dns::Time when;
    FlightId id;
    friend bool operator>(const Entry& a, const Entry& b) { return a.when > b.when; }
  };

  void pop();
  void drop_dead_front();
  void sweep();
  void arm();
  void fire();

  net::Timers& timers_;
  std::function<bool(FlightId)> alive_;
  std::function<void(FlightId)> due_;
  std::vector<Entry> heap_;  // the earliest in front
  std::size_t sweep_at_;
  net::TimerId timer_ = 0;
  dns::Time armed_for_{};
};

}  // namespace upstream
