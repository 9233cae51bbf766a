#include "dnsd/state_keeper.h"

#include <algorithm>

#include "dnsd/log.h"
#include "dnsd/state_file.h"

namespace signpost {
namespace {

constexpr dns::Milliseconds kFirst{1000};
constexpr dns::Milliseconds kLongestPause{300'000};

}  // namespace

void StateKeeper::restore() {
  if (config_.state.path.empty()) return;
  auto read = read_state(config_.state.path, answers_, config_.cache.max_ttl, loop_.now());
  if (!read.ok()) return logger("daemon")->warn("{}; starting without it", read.error().message);
  logger("daemon")->info("state: {} answers and {} catalogs are known from the last run",
                         answers_.entries(), read.value().sources.size());
  sources_->restore(std::move(read).value());
}

void StateKeeper::keep() {
  if (config_.state.path.empty() || !sources_) return;
  sources_->restore_rest();
  const auto written =
      write_state(config_.state.path, sources_->knowledge(), answers_, loop_.now());
  if (!written.ok()) logger("daemon")->warn("state: {}", written.error().message);
}

void StateKeeper::keep_now_and_then() {
  keep_after(kFirst);
}

void StateKeeper::keep_after(dns::Milliseconds pause) {
  timer_ = loop_.after(pause, [this, pause] {
    keep();
    keep_after(std::min(2 * pause, kLongestPause));
  });
}

}  // namespace signpost
