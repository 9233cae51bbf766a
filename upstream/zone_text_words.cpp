#include "upstream/zone_text_words.h"

#include <algorithm>
#include <charconv>

#include "dnsd/dns/lowered.h"
#include "upstream/catalog_fields.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Takes the next word off `text`; empty when there is none.
std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  std::size_t end = 0;
  while (end < text.size() && !is_blank(text[end])) end += text[end] == '\\' ? 2 : 1;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(word.size());
  return word;
}

/// Seconds in `s`, `m`, `h`, `d`, `w`; 0: none of them.
std::uint64_t seconds_of(char unit) {
  switch (unit | 0x20) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3'600;
    case 'd':
      return 86'400;
    default:
      return (unit | 0x20) == 'w' ? 604'800 : 0;
  }
}

bool is_other_class(const std::string& word) {
  return word == "ch" || word == "hs" || word == "cs" || word.starts_with("class");
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (auto word = take_word(text); !word.empty(); word = take_word(text)) words.push_back(word);
  return words;
}

std::optional<std::uint32_t> seconds_from(std::string_view text) {
  std::uint64_t sum = 0;
  if (text.empty()) return {};
  while (!text.empty()) {
    std::uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    if (problem != std::errc()) return {};
    const std::uint64_t unit = stop == end ? 1 : seconds_of(*stop);
    sum += number * unit;
    if (unit == 0 || sum > kMaxTtl) return {};
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + (stop == end ? 0 : 1));
  }
  return static_cast<std::uint32_t>(sum);
}

dns::Result<std::string> with_ttl_and_class(std::string_view entry, std::uint32_t ttl) {
  const bool same_owner = !entry.empty() && is_blank(entry.front());
  std::string_view rest = entry;
  const std::string_view owner = same_owner ? std::string_view() : take_word(rest);
  for (std::string_view after = rest;; rest = after) {
    const std::string_view word = take_word(after);
    const bool is_time = !word.empty() && word.front() >= '0' && word.front() <= '9';
    const std::string lower = dns::lowered(word);
    if (is_other_class(lower)) return dns::Error{"expected class IN, found " + in_quotes(word)};
    if (!is_time && lower != "in") break;
    const auto seconds = is_time ? seconds_from(word) : ttl;
    if (!seconds)
      return dns::Error{"expected a time such as 300 or 1h30m, found " + in_quotes(word)};
    ttl = *seconds;
  }
  return std::string(owner) + " " + std::to_string(ttl) + " IN" + std::string(rest);
}

}  // namespace upstream
