// How far a parser has read a text that it takes character by character, so
// that whoever hears its events can say where each stood.
//
// Belongs to one reader.
#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace upstream {

class ReadSoFar {
 public:
  /// What the parser takes the text through.
  class Cursor {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    Cursor(const char* at, const char** reached) : at_(at), reached_(reached) {}
    const char& operator*() const { return *at_; }
    Cursor& operator++() {
      *reached_ = ++at_;
      return *this;
    }
    Cursor operator++(int) {
      Cursor before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Cursor& a, const Cursor& b) { return a.at_ == b.at_; }

   private:
    const char* at_;
    const char** reached_;
  };

  /// `text` must outlive this, and this its cursors.
  explicit ReadSoFar(std::string_view text)
      : text_(text), reached_(text.data()), before_(text.data()) {}
  ReadSoFar(const ReadSoFar&) = delete;
  ReadSoFar& operator=(const ReadSoFar&) = delete;

  Cursor begin() { return {text_.data(), &reached_}; }
  Cursor end() { return {text_.data() + text_.size(), &reached_}; }
  std::string_view text() const { return text_; }

  /// Where the parser reads next.
  std::size_t reached() const { return static_cast<std::size_t>(reached_ - text_.data()); }
  /// All that was read is done with: the next token starts after it.
  void pass_token() { before_ = reached_; }
  /// Where the token starts that was read after the last pass_token(): behind
  /// blanks, `:` and `,`.
  std::size_t token_start() const {
    const auto passed = static_cast<std::size_t>(before_ - text_.data());
    const std::size_t start = text_.substr(0, reached()).find_first_not_of(" \t\r\n:,", passed);
    return start == std::string_view::npos ? passed : start;
  }

 private:
  std::string_view text_;
  const char* reached_;
  const char* before_;  // as reached_ was at the last pass_token()
};

}  // namespace upstream
