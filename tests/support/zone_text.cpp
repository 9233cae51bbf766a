#include "tests/support/zone_text.h"

#include <ldns/ldns.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace support {
namespace {

std::string_view take_word(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  const std::string_view word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  return word;
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

dns::Result<std::string> normal_record(const std::string& text) {
  ldns_rr* record = nullptr;
  const ldns_status status = ldns_rr_new_frm_str(&record, text.c_str(), 0, nullptr, nullptr);
  if (status != LDNS_STATUS_OK) {
    return dns::Error{"expected a record, found '" + text +
                      "': " + ldns_get_errorstr_by_id(status)};
  }
  const std::unique_ptr<char, decltype(&std::free)> written(ldns_rr2str(record), &std::free);
  ldns_rr_free(record);
  std::string out = written.get();
  std::replace(out.begin(), out.end(), '\t', ' ');
  out.erase(out.find_last_not_of(" \n") + 1);
  return out;
}

bool is_pattern(std::string_view text) {
  return text.ends_with(" ...") || text.find(" * ") != std::string_view::npos ||
         text.ends_with(" *");
}

bool matches(std::string_view record, std::string_view pattern) {
  while (true) {
    const std::string_view wanted = take_word(pattern);
    if (wanted == "...") return true;
    const std::string_view found = take_word(record);
    if (wanted.empty() || found.empty()) return wanted.empty() && found.empty();
    if (wanted != "*" && wanted != found) return false;
  }
}

bool is_wire_text(std::string_view text) {
  bool half = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'' && !half) {
      i = text.find('\'', i + 1);
      if (i == std::string_view::npos) return false;
    } else if (is_hex(text[i])) {
      half = !half;
    } else if (text[i] != ' ' || half) {
      return false;
    }
  }
  return !half;
}

}  // namespace support
