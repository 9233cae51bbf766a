// A scenario's text as blocks: a line at the margin, and the indented lines that
// belong to it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace scenario {

struct Line {
  int number = 0;
  std::string_view text;
};

struct Block {
  Line head;
  std::vector<Line> body;
};

/// Without blank lines and comments. Throws a `Problem`.
std::vector<Block> blocks_of(std::string_view text);

/// Without the first line's indentation, which a zone file would read as part of it.
std::string text_of(const std::vector<Line>& lines);

/// `n[1-3].example. A 10.0.0.[7-9]` as three texts; one without ranges as itself.
/// Throws a `Problem`.
std::vector<std::string> expanded(const std::string& text, int line);

}  // namespace scenario
