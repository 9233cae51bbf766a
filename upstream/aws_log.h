// The log `aws`. Any thread.
#pragma once

#include <spdlog/spdlog.h>

#include <memory>

namespace upstream {

inline std::shared_ptr<spdlog::logger> aws_log() {
  auto own = spdlog::get("aws");
  return own != nullptr ? own : spdlog::default_logger();
}

}  // namespace upstream
