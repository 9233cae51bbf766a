// Zone-file text (RFC 1035, 5.1) cut into entries: each record or directive on
// one line, without comments and parentheses. What an entry says, its reader
// must know; here only quotes, escapes and parentheses count.
//
// Pure; belongs to one reader.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"

namespace upstream {

struct ZoneEntry {
  std::string text;      // starts with a blank when it has the owner of the one before
  std::size_t line = 0;  // where it starts, from 1
};

class ZoneTextEntries {
 public:
  // The longest record in RFC 3597's digits is 131070 and its owner.
  static constexpr std::size_t kMaxEntry = 150'000;

  /// `text` must outlive this.
  explicit ZoneTextEntries(std::string_view text) : text_(text) {}

  /// Reads the next entry into `entry`, false after the last. Error: a quote or
  /// a parenthesis is not closed, an entry is too long, or a byte is zero;
  /// `entry.line` is then the line.
  dns::Result<bool> next(ZoneEntry& entry);

 private:
  dns::Result<bool> read_character(ZoneEntry& entry);
  dns::Result<bool> end_of_line(ZoneEntry& entry);
  dns::Result<bool> end_of_text(ZoneEntry& entry) const;
  dns::Result<bool> close(ZoneEntry& entry);
  dns::Error at_line(ZoneEntry& entry, const char* sentence) const;
  void skip_comment();

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t open_ = 0;  // parentheses
  bool quoted_ = false;
};

}  // namespace upstream
