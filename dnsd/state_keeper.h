// When the state file is read and written: at the start, now and then, and at the end.
//
// Control thread only.
#pragma once

#include <memory>

#include "cache/answer_cache.h"
#include "conf/config.h"
#include "dnsd/net/loop.h"
#include "dnsd/sources.h"

namespace signpost {

class StateKeeper {
 public:
  /// `sources` may be replaced, and be null for a while. All must outlive this.
  StateKeeper(net::Loop& loop, const conf::Config& config, cache::AnswerCache& answers,
              const std::unique_ptr<Sources>& sources)
      : loop_(loop), config_(config), answers_(answers), sources_(sources) {}
  ~StateKeeper() { stop(); }
  StateKeeper(const StateKeeper&) = delete;
  StateKeeper& operator=(const StateKeeper&) = delete;

  /// What the last run knew, back into the answers and the sources, these perhaps not whole yet
  /// (Sources::restore). A file that cannot be used is said.
  void restore();
  void keep();
  /// Soon, when the sources have been read, and then ever less often: a crash, or a host that
  /// loses its power, stops nothing cleanly.
  void keep_now_and_then();
  void stop() { loop_.cancel(timer_); }

 private:
  void keep_after(dns::Milliseconds pause);

  net::Loop& loop_;
  const conf::Config& config_;
  cache::AnswerCache& answers_;
  const std::unique_ptr<Sources>& sources_;
  net::TimerId timer_ = 0;
};

}  // namespace signpost
