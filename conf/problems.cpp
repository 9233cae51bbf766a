#include "conf/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace conf {
namespace {

constexpr std::size_t kScreenful = 20;
constexpr std::size_t kWidest = 4'096;  // a longer line would hide what is said about it

/// Line `number` of `text`, without its end.
std::string_view line_of(std::string_view text, unsigned number) {
  for (; number > 1; --number) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;  // UTF-8: not a continuation byte
}

/// What puts a caret under character `column` of `line`: a space for each
/// character before it, and a tab for a tab.
std::string indent_to(std::string_view line, unsigned column) {
  std::string indent;
  for (const char c : line) {
    if (indent.size() + 1 >= column) break;
    if (begins_character(c)) indent.push_back(c == '\t' ? '\t' : ' ');
  }
  return indent;
}

std::string in_file(const Place& place, const std::string& sentence, const File& file) {
  if (place.line == 0) return file.name + ": " + sentence + "\n";
  std::string text = file.name + ":" + std::to_string(place.line) + ":" +
                     std::to_string(place.column) + ": " + sentence + "\n";
  const std::string_view line = line_of(file.text, place.line);
  if (line.size() > kWidest) return text;
  return text + "  " + std::string(line) + "\n  " + indent_to(line, place.column) + "^\n";
}

}  // namespace

void Problems::add(Place place, std::string sentence) {
  problems_.push_back({std::move(place), std::move(sentence)});
}

void Problems::expected(const Value& value, std::string_view what) {
  add(value.place, "expected " + std::string(what) + ", found " + value.found());
}

bool Problems::before(const Problem& a, const Problem& b) {
  return std::tuple(!a.place.in_file(), a.place.line, a.place.column) <
         std::tuple(!b.place.in_file(), b.place.line, b.place.column);
}

std::string Problems::text(const File& file) const {
  std::vector<Problem> sorted = problems_;
  std::stable_sort(sorted.begin(), sorted.end(), before);
  const std::size_t shown = std::min(sorted.size(), kScreenful);
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [place, sentence] = sorted[i];
    text +=
        place.in_file() ? in_file(place, sentence, file) : place.variable + ": " + sentence + "\n";
  }
  if (sorted.size() > shown) {
    text += "and " + std::to_string(sorted.size() - shown) + " more\n";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

std::string short_place(const Place& place, const File& file) {
  if (!place.in_file()) return place.variable;
  return place.line == 0 ? file.name : file.name + ":" + std::to_string(place.line);
}

}  // namespace conf
