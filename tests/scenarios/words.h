// A line of a scenario as its words, taken one after the other. What cannot be
// read is thrown as a `Problem`, and caught in parse() alone.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "tests/scenarios/scenario.h"

namespace scenario {

class Words {
 public:
  Words(std::string_view line, int number) : rest_(line), number_(number) { skip_blanks(); }

  bool empty() const { return rest_.empty(); }
  int line() const { return number_; }
  /// All that is left, without the blanks at its end.
  std::string_view rest() const { return rest_.substr(0, rest_.find_last_not_of(' ') + 1); }
  std::string_view next() const { return rest_.substr(0, rest_.find(' ')); }

  std::string_view take(std::string_view expected) {
    if (empty()) fail("expected " + std::string(expected));
    const std::string_view word = next();
    rest_.remove_prefix(word.size());
    skip_blanks();
    return word;
  }
  /// Takes `words`, one or several, when they come next.
  bool take_if(std::string_view words) {
    Words ahead = *this;
    for (Words wanted(words, number_); !wanted.empty();) {
      if (ahead.empty() || ahead.take("") != wanted.take("")) return false;
    }
    *this = ahead;
    return true;
  }
  /// Takes `key=value` when that comes next, and gives the value.
  std::optional<std::string_view> take_value(std::string_view key) {
    const std::string_view word = next();
    if (!word.starts_with(key) || word.substr(key.size(), 1) != "=") return std::nullopt;
    return take("").substr(key.size() + 1);
  }
  /// Takes text between double quotes.
  std::string_view take_quoted() {
    const std::size_t end = rest_.find('"', 1);
    if (!rest_.starts_with('"') || end == std::string_view::npos) fail("expected \"text\"");
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    skip_blanks();
    return text;
  }
  void expect_end(std::string_view may_come) const {
    if (!empty()) fail("expected " + std::string(may_come));
  }

  template <typename Number>
  Number number(std::string_view text) const {
    Number value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc() || end != text.data() + text.size()) fail("expected a number");
    return value;
  }
  template <typename T>
  T value_of(dns::Result<T> result) const {
    if (!result.ok()) fail(result.error().message);
    return std::move(result).value();
  }

  [[noreturn]] void fail(std::string sentence) const {
    if (!rest_.empty()) sentence += ", found '" + std::string(rest()) + "'";
    throw Problem{number_, std::move(sentence)};
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
  int number_;
};

}  // namespace scenario
