#include "upstream/toml_pieces.h"

#include "upstream/toml_text.h"

namespace upstream {
namespace {

constexpr std::string_view kHeader = "[[service]]";

/// Behind the string or comment that starts at `at`, or the next byte.
std::size_t after_word(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '"' || c == '\'') return after_toml_string(text, at);
  return c == '#' ? after_toml_comment(text, at) : at + 1;
}

/// The last byte before the next that can matter once a line has said something.
std::size_t before_next(std::string_view text, std::size_t at) {
  const auto matters = [](char c) { return c == '\n' || c == '"' || c == '\'' || c == '#'; };
  if (matters(text[at])) return at;
  while (at + 1 < text.size() && !matters(text[at + 1])) ++at;
  return at;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_empty(char c) {
  return is_blank(c) || c == '\n';
}

}  // namespace

std::vector<std::string_view> toml_pieces(std::string_view text, std::size_t least) {
  std::vector<std::string_view> pieces;
  std::size_t piece = 0, line = 0;  // where they begin
  bool headed = false, line_said = false;
  for (std::size_t at = 0; at < text.size(); at = after_word(text, at)) {
    const char c = text[at];
    if (c == '\n') {
      line = at + 1;
      line_said = false;
    } else if (!is_blank(c) && c != '#') {
      const bool header = !line_said && text.substr(at).starts_with(kHeader);
      if (!header && !headed) return {text};
      if (header && line >= piece + least) {
        pieces.push_back(text.substr(piece, line - piece));
        piece = line;
      }
      headed = line_said = true;
    }
    if (line_said) at = before_next(text, at);
  }
  pieces.push_back(text.substr(piece));
  return pieces;
}

bool is_toml_piece(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (is_empty(text[at]) || text[at] == '#')) at = after_word(text, at);
  return at == text.size() || text.substr(at).starts_with(kHeader);
}

}  // namespace upstream
