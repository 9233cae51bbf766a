#include "dnsd/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <nlohmann/json.hpp>

namespace signpost {
namespace {

constexpr std::array<const char*, 7> kLevels{"trace", "debug", "info", "warn",
                                             "error", "error", "off"};
constexpr std::array<const char*, 7> kModules{"aws",       "catalog", "control", "daemon",
                                              "forwarder", "health",  "net"};

std::string_view level_word(spdlog::level::level_enum level) {
  return kLevels[static_cast<std::size_t>(level)];
}

/// `%*`: our words for the levels, in a column.
class LevelFlag final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    fmt::format_to(std::back_inserter(out), "{:<5}", level_word(message.level));
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<LevelFlag>();
  }
};

std::unique_ptr<spdlog::pattern_formatter> text_formatter(const std::string& pattern) {
  auto made = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  made->add_flag<LevelFlag>('*').set_pattern(pattern);
  return made;
}

/// One JSON object a line.
class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    spdlog::memory_buf_t time;
    time_->format(message, time);
    const nlohmann::ordered_json line = {
        {"time", std::string(time.data(), time.size())},
        {"level", level_word(message.level)},
        {"module", std::string(message.logger_name.data(), message.logger_name.size())},
        {"message", std::string(message.payload.data(), message.payload.size())}};
    const auto text = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<formatter> clone() const override { return std::make_unique<JsonFormatter>(); }

 private:
  std::unique_ptr<spdlog::pattern_formatter> time_ = std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%eZ", spdlog::pattern_time_type::utc, "");
};

spdlog::level::level_enum spdlog_level(conf::Log::Level level) {
  switch (level) {
    case conf::Log::Level::trace:
      return spdlog::level::trace;
    case conf::Log::Level::debug:
      return spdlog::level::debug;
    case conf::Log::Level::info:
      return spdlog::level::info;
    case conf::Log::Level::warn:
      return spdlog::level::warn;
    case conf::Log::Level::error:
      return spdlog::level::err;
    case conf::Log::Level::off:
      break;
  }
  return spdlog::level::off;
}

void make_loggers() {
  const auto errors = std::make_shared<spdlog::sinks::stderr_sink_mt>();
  for (const char* module : kModules) {
    if (!spdlog::get(module)) {
      spdlog::register_logger(std::make_shared<spdlog::logger>(module, errors));
    }
  }
}

}  // namespace

void set_up_log(const conf::Log& settings) {
  make_loggers();
  spdlog::set_level(spdlog_level(settings.level));
  if (settings.format == conf::Log::Format::json) {
    spdlog::set_formatter(std::make_unique<JsonFormatter>());
  } else {
    spdlog::set_formatter(text_formatter("%Y-%m-%dT%H:%M:%S.%eZ [%n] %* %v"));
  }
}

std::shared_ptr<spdlog::logger> logger(const std::string& module) {
  auto known = spdlog::get(module);
  return known ? known : spdlog::default_logger();
}

}  // namespace signpost
