#include "upstream/aws_ini.h"

#include <algorithm>

#include "dnsd/dns/lowered.h"

namespace upstream {
namespace {

constexpr std::string_view kBlank = " \t\r\f\v";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(kBlank), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(kBlank) + 1);
}

std::string_view take_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

/// What is read so far.
struct Reader {
  IniSections sections;
  IniSection* section = nullptr;  // that we are in
  bool below_a_key = false;

  /// What was expected of `line`, or nothing.
  std::string_view read(std::string_view line) {
    const std::string_view said = trimmed(line);
    const bool indented = kBlank.find(line.substr(0, 1)) != std::string_view::npos;
    if (said.empty() || said.front() == '#' || said.front() == ';') return {};
    if (!line.empty() && indented && below_a_key) return {};
    return said.front() == '[' ? begin_section(said) : read_key(said);
  }

  std::string_view begin_section(std::string_view said) {
    const std::size_t close = said.find(']');
    if (close == std::string_view::npos) return "expected a ] after the section's name";
    section = &sections[std::string(trimmed(said.substr(1, close - 1)))];
    below_a_key = false;
    return {};
  }

  std::string_view read_key(std::string_view said) {
    const std::size_t mark = said.find_first_of("=:");
    if (mark == std::string_view::npos || mark == 0) return "expected key = value";
    if (section == nullptr) return "expected a section such as [default] before the first key";
    (*section)[dns::lowered(trimmed(said.substr(0, mark)))] = trimmed(said.substr(mark + 1));
    below_a_key = true;
    return {};
  }
};

}  // namespace

dns::Result<IniSections> read_aws_ini(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Reader reader;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::string_view expected = reader.read(take_line(text));
    if (!expected.empty()) return dns::Error{std::to_string(line) + ": " + std::string(expected)};
  }
  return std::move(reader.sections);
}

}  // namespace upstream
