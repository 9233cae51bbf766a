// How fast one account's API is asked: a bucket of requests that all who ask
// it share, filled by one a second, and never two at one moment.
//
// Route 53 takes 5 requests a second of an account, from all its callers together
// (contracts.md, 3.8). A full bucket lets a large zone be read once at almost that
// pace; after that one daemon takes a fifth of it.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "dnsd/dns/random.h"
#include "dnsd/net/timers.h"

namespace upstream {

constexpr dns::Milliseconds kRequestPeriod{1'000};
// A zone of 10,000 sets is 34 pages, and is looked up by name first.
constexpr unsigned kRequestBurst = 40;
// Between two requests of a burst: 4 a second, so that others get through.
constexpr dns::Milliseconds kRequestGap{250};

class RequestBudget {
 public:
  using Ticket = std::uint64_t;  // 0 is none

  /// `timers` must outlive this.
  RequestBudget(net::Timers& timers, dns::Random random);
  ~RequestBudget();
  RequestBudget(const RequestBudget&) = delete;
  RequestBudget& operator=(const RequestBudget&) = delete;

  /// Goes on where `before` is, of the same account: a reload is no new second.
  void adopt(const RequestBudget& before);

  /// Calls `go` once when a request may be sent: first come, first served, never before
  /// take() returns.
  Ticket take(std::function<void()> go);
  /// Forgets a ticket. One that was called, or 0, is nothing to forget.
  void cancel(Ticket ticket);

  /// A request was sent that could not wait for its turn: those that wait pay for it.
  void charge();

  /// The API refused: nobody asks it for a while, twice as long each time in a row.
  void throttled();
  /// The API answered: the next refusal is the first again.
  void succeeded() { refusals_ = 0; }

 private:
  struct Waiting {
    Ticket ticket;
    std::function<void()> go;
  };

  void refill();
  dns::Milliseconds wait() const;
  void schedule();
  void serve();

  net::Timers& timers_;
  dns::Random random_;
  std::deque<Waiting> waiting_;
  Ticket last_ticket_ = 0;
  dns::Milliseconds credit_;  // a request costs kRequestPeriod
  dns::Time filled_;          // when `credit_` was counted
  dns::Time not_before_;      // the gap, or the rest after a refusal
  unsigned refusals_ = 0;     // in a row
  net::TimerId timer_ = 0;
};

}  // namespace upstream
