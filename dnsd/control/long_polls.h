// Who waits for the catalog to change: requests to /v1/services that know its last
// content, until there is another or their time is up.
//
// After a change they are looked at once, and not again before the last look's
// cost is a fifth of the time that has passed: a catalog that changes all the time must
// not take the control thread for itself.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "dnsd/net/http_question.h"
#include "dnsd/net/timers.h"

namespace signpost {

/// One who waits.
struct LongPoll {
  net::HttpQuestion question;
  net::HttpAnswerer answerer;
};

class LongPolls {
 public:
  /// The answer for a request now. Nothing: what it knows still stands.
  using Look = std::function<std::optional<net::HttpAnswer>(const net::HttpQuestion&)>;
  /// The answer when the time is up.
  using TimeIsUp = std::function<net::HttpAnswer(const net::HttpQuestion&)>;

  LongPolls(net::Timers& timers, Look look, TimeIsUp time_is_up)
      : timers_(timers), look_(std::move(look)), time_is_up_(std::move(time_is_up)) {}
  ~LongPolls();
  LongPolls(const LongPolls&) = delete;
  LongPolls& operator=(const LongPolls&) = delete;

  void add(LongPoll poll, dns::Milliseconds wait);
  /// Something may have changed: whoever waits is looked at soon.
  void changed();

  std::size_t waiting() const { return waiting_.size(); }

 private:
  using Id = std::uint64_t;
  struct Waiting {
    LongPoll poll;
    net::TimerId deadline = 0;
  };

  void end(Id id);
  void look_at_all();

  net::Timers& timers_;
  Look look_;
  TimeIsUp time_is_up_;
  std::map<Id, Waiting> waiting_;
  Id last_ = 0;
  net::TimerId looking_ = 0;  // after a change; 0: none is to be
  dns::Time not_before_;      // of the next look
};

}  // namespace signpost
