#include "tests/scenarios/blocks.h"

#include <algorithm>
#include <optional>

#include "tests/scenarios/words.h"

namespace scenario {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

int number_in(std::string_view text, int line) {
  return Words(text, line).number<int>(text);
}

/// `[1-3]` in a text.
struct Range {
  std::size_t at = 0, size = 0;
  int first = 0, last = 0;
};

std::optional<Range> range_in(std::string_view text, int line) {
  const std::size_t open = text.find('[');
  const std::size_t dash = text.find('-', open);
  const std::size_t close = text.find(']', open);
  if (open == std::string::npos || close == std::string::npos || dash > close) return {};
  return Range{open, close - open + 1, number_in(text.substr(open + 1, dash - open - 1), line),
               number_in(text.substr(dash + 1, close - dash - 1), line)};
}

}  // namespace

std::vector<Block> blocks_of(std::string_view text) {
  std::vector<Block> blocks;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (is_blank(line) || line.front() == '#') continue;
    if (line.front() != ' ') {
      blocks.push_back({{number, line}, {}});
    } else if (blocks.empty()) {
      throw Problem{number, "expected a step at the margin before an indented line"};
    } else {
      blocks.back().body.push_back({number, line});
    }
  }
  return blocks;
}

std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  const std::size_t indent = lines.empty() ? 0 : lines.front().text.find_first_not_of(' ');
  for (const Line& line : lines) {
    const std::size_t own = line.text.find_first_not_of(' ');
    text += std::string(line.text.substr(std::min(indent, own))) + '\n';
  }
  return text;
}

std::vector<std::string> expanded(const std::string& text, int line) {
  const auto range = range_in(text, line);
  if (!range) return {text};
  std::vector<std::string> out;
  for (int step = 0; step <= range->last - range->first; ++step) {
    std::string one = text;
    while (const auto next = range_in(one, line)) {
      one.replace(next->at, next->size, std::to_string(next->first + step));
    }
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace scenario
