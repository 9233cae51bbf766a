#include "upstream/toml_depth.h"

#include "upstream/toml_text.h"

namespace upstream {
namespace {

bool ends_a_name(char c) {
  return c == '\n' || c == '=' || c == '[' || c == ']' || c == '{' || c == '}' || c == ',';
}

}  // namespace

std::optional<std::size_t> toml_too_deep(std::string_view text) {
  std::size_t dots = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = after_toml_string(text, at);
      continue;
    }
    if (c == '#') {
      at = after_toml_comment(text, at);
      continue;
    }
    if (c == '.' && ++dots > kMaxTomlDots) return at;
    if (ends_a_name(c)) dots = 0;
    ++at;
  }
  return {};
}

}  // namespace upstream
