// The logs: one line an event, to standard error; one named logger a module.
//
//   2026-01-02T03:04:05.678Z [forwarder] info  upstream 192.0.2.1 passed over: ...
//
// Any thread.
#pragma once

#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "conf/config.h"

namespace signpost {

/// Sets level and format for all loggers, those that exist and those to come.
void set_up_log(const conf::Log& settings);

/// The logger of that name, made when first asked for.
std::shared_ptr<spdlog::logger> logger(const std::string& module);

}  // namespace signpost
