// JSON written straight into a string: a table of many services is read into no
// tree first. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signpost {

/// Adds `text` in quotes, escaped; bytes that are not UTF-8 show as U+FFFD.
void append_json(std::string& out, std::string_view text);
/// Adds `,"key":` or, as the first of an object, `"key":`.
void append_key(std::string& out, std::string_view key);
/// Adds `,"key":"text"`.
void append_pair(std::string& out, std::string_view key, std::string_view text);
/// Adds `,"key":number`.
void append_pair(std::string& out, std::string_view key, std::uint64_t number);
/// Adds `,"key":word`, for `true` and `false`.
void append_word(std::string& out, std::string_view key, std::string_view word);
/// Adds the comma before the next of a list or an object, unless it is the first.
void append_comma(std::string& out);

}  // namespace signpost
