#include "upstream/toml_text.h"

namespace upstream {
namespace {

bool starts_with_three(std::string_view text, char quote) {
  return text.size() >= 3 && text[0] == quote && text[1] == quote && text[2] == quote;
}

/// Where a string over several lines ends that starts at `at`: after its three
/// quotes, and after the one or two more that may belong to it.
std::size_t after_long_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (at += 3; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (starts_with_three(text.substr(at), quote)) {
      at += 3;
      while (at < text.size() && text[at] == quote) ++at;
      return at;
    }
  }
  return text.size();
}

}  // namespace

std::size_t after_toml_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (starts_with_three(text.substr(at), quote)) return after_long_string(text, at);
  for (++at; at < text.size() && text[at] != '\n'; ++at) {
    if (text[at] == quote) return at + 1;
    if (quote == '"' && text[at] == '\\') ++at;
  }
  return at < text.size() ? at : text.size();
}

std::size_t after_toml_comment(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end;
}

}  // namespace upstream
