#include "upstream/route53_names.h"

#include <algorithm>

namespace upstream {
namespace {

bool is_octal(char c) {
  return c >= '0' && c <= '7';
}

/// The byte that an octal escape at `at` means; -1: there is none.
int octal_escape(std::string_view text, std::size_t at) {
  if (text.size() - at < 4 || text[at] != '\\' || text[at + 1] > '3') return -1;
  if (!is_octal(text[at + 1]) || !is_octal(text[at + 2]) || !is_octal(text[at + 3])) return -1;
  return (text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0');
}

void append_decimal(std::string& out, int byte) {
  out += '\\';
  out += static_cast<char>('0' + byte / 100);
  out += static_cast<char>('0' + byte / 10 % 10);
  out += static_cast<char>('0' + byte % 10);
}

}  // namespace

std::string decimal_escapes(std::string_view text) {
  if (text.find('\\') == std::string_view::npos) return std::string(text);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const int byte = octal_escape(text, at);
    if (byte >= 0) {
      append_decimal(out, byte);
      at += 4;
      continue;
    }
    const bool escapes = text[at] == '\\' && at + 1 < text.size();
    out += text[at++];
    if (escapes) out += text[at++];
  }
  return out;
}

dns::Result<dns::Name> route53_name(std::string_view text) {
  return dns::Name::from_text(decimal_escapes(text));
}

std::string_view without_path(std::string_view id) {
  const std::size_t slash = id.rfind('/');
  return slash == std::string_view::npos ? id : id.substr(slash + 1);
}

bool is_hosted_zone_id(std::string_view zone) {
  const std::string_view id = without_path(zone);
  return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  });
}

}  // namespace upstream
