#include "dnsd/control/json_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace signpost {
namespace {

bool is_plain(char c) {
  return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_plain)) {
    out.append(1, '"').append(text).append(1, '"');
    return;
  }
  const auto replace = nlohmann::json::error_handler_t::replace;
  out += nlohmann::json(text).dump(-1, ' ', false, replace);
}

void append_comma(std::string& out) {
  if (!out.empty() && out.back() != '{' && out.back() != '[') out += ',';
}

void append_key(std::string& out, std::string_view key) {
  append_comma(out);
  out.append(1, '"').append(key).append("\":");
}

void append_pair(std::string& out, std::string_view key, std::string_view text) {
  append_key(out, key);
  append_json(out, text);
}

void append_pair(std::string& out, std::string_view key, std::uint64_t number) {
  append_word(out, key, std::to_string(number));
}

void append_word(std::string& out, std::string_view key, std::string_view word) {
  append_key(out, key);
  out += word;
}

}  // namespace signpost
