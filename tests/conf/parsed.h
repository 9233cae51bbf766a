// Reads configurations in tests: text in, `Config` or the error's text out.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "conf/parser.h"

namespace conf::testing {

inline dns::Result<Loaded> parse_text(const std::string& text, const Environment& environment = {},
                                      const CommandLine& line = {}) {
  return parse({{"signpost.toml", text}, environment, line, 4});
}

inline Loaded loaded(const std::string& text, const Environment& environment = {},
                     const CommandLine& line = {}) {
  auto result = parse_text(text, environment, line);
  if (result.ok()) return std::move(result).value();
  ADD_FAILURE() << result.error().message;
  return {};
}

inline Config config_of(const std::string& text, const Environment& environment = {},
                        const CommandLine& line = {}) {
  return loaded(text, environment, line).config;
}

inline std::string error_of(const std::string& text, const Environment& environment = {},
                            const CommandLine& line = {}) {
  const auto result = parse_text(text, environment, line);
  return result.ok() ? "no error" : result.error().message;
}

}  // namespace conf::testing
