// `/metrics`: the daemon's figures in Prometheus's text format.
//
// Pure.
#pragma once

#include <string>

#include "dnsd/control/figures.h"

namespace signpost {

/// `unix_seconds` is the wall clock's now: moments are told as timestamps.
std::string metrics_text(const Figures& figures, double unix_seconds);

}  // namespace signpost
