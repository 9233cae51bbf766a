#include "upstream/zone_text_entries.h"

namespace upstream {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

using dns::Error;
using dns::Result;

dns::Error ZoneTextEntries::at_line(ZoneEntry& entry, const char* sentence) const {
  entry.line = line_;
  return Error{sentence};
}

void ZoneTextEntries::skip_comment() {
  const std::size_t end = text_.find('\n', at_);
  at_ = end == std::string_view::npos ? text_.size() : end;
}

/// True: the entry is whole.
Result<bool> ZoneTextEntries::end_of_line(ZoneEntry& entry) {
  if (quoted_) return at_line(entry, "expected a closing quote before the end of the line");
  ++line_;
  if (open_ > 0) {
    entry.text += ' ';
    return false;
  }
  if (!is_blank(entry.text)) return true;
  entry.text.clear();
  return false;
}

Result<bool> ZoneTextEntries::end_of_text(ZoneEntry& entry) const {
  if (quoted_) return at_line(entry, "expected a closing quote, found the end of the file");
  if (open_ > 0) return Error{"expected ')' to close the record's '(', found the end of the file"};
  return !is_blank(entry.text);
}

Result<bool> ZoneTextEntries::close(ZoneEntry& entry) {
  if (open_ == 0) return at_line(entry, "expected '(' before ')', found none");
  --open_;
  entry.text += ' ';
  return false;
}

/// True: the entry is whole.
Result<bool> ZoneTextEntries::read_character(ZoneEntry& entry) {
  const char c = text_[at_++];
  if (c == '\0') return at_line(entry, "expected text, found a byte that is zero");
  if (c == '\n') return end_of_line(entry);
  if (is_blank(entry.text)) entry.line = line_;
  if (c == '\\' && at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\0') {
    entry.text += c;
    entry.text += text_[at_++];
    return false;
  }
  if (c == '"') quoted_ = !quoted_;
  if (!quoted_ && c == ';') {
    skip_comment();
  } else if (!quoted_ && c == '(') {
    ++open_;
    if (!entry.text.empty()) entry.text += ' ';
  } else if (!quoted_ && c == ')') {
    return close(entry);
  } else {
    entry.text += c == '\r' ? ' ' : c;
  }
  return false;
}

Result<bool> ZoneTextEntries::next(ZoneEntry& entry) {
  entry = ZoneEntry{{}, line_};
  while (at_ < text_.size()) {
    auto whole = read_character(entry);
    if (!whole.ok() || whole.value()) return whole;
    if (entry.text.size() > kMaxEntry)
      return Error{"expected a record, found a longer text than any has"};
  }
  return end_of_text(entry);
}

}  // namespace upstream
