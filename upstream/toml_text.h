// Where strings and comments of a TOML document end, for those who look at it before it is parsed.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace upstream {

/// Behind the string that starts at `at`, over several lines or one; an unclosed one ends with its
/// line, or with the text. REQUIRES: there is a quote at `at`.
std::size_t after_toml_string(std::string_view text, std::size_t at);
/// The end of the line.
std::size_t after_toml_comment(std::string_view text, std::size_t at);

}  // namespace upstream
