#include "upstream/wall_time.h"

#include <cctype>
#include <cstdlib>
#include <ctime>

namespace upstream {
namespace {

/// What of `text` stands after `form`; null: it does not begin so.
const char* take(const std::string& text, const char* form, std::tm& parts) {
  return strptime(text.c_str(), form, &parts);
}

WallTime in_utc(std::tm& parts) {
  return WallTime(std::chrono::seconds(timegm(&parts)));  // system_clock ends in the year 2262
}

const char* past_fraction(const char* at) {
  if (*at != '.') return at;
  ++at;
  while (*at >= '0' && *at <= '9') ++at;
  return at;
}

/// `Z` or `+hh:mm`, to the end of the text.
std::optional<std::chrono::seconds> read_offset(const char* at) {
  if (*at != 'Z' && *at != 'z' && *at != '+' && *at != '-') return {};
  std::tm parts{};
  const char* end = strptime(at, "%z", &parts);
  if (end == nullptr || *end != '\0') return {};
  return std::chrono::seconds(parts.tm_gmtoff);
}

}  // namespace

std::optional<WallTime> read_rfc3339(const std::string& text) {
  std::tm parts{};
  const char* rest = take(text, "%Y-%m-%dT%H:%M:%S", parts);
  if (rest == nullptr) return {};
  const auto offset = read_offset(past_fraction(rest));
  if (!offset) return {};
  return in_utc(parts) - *offset;
}

std::optional<WallTime> read_http_date(const std::string& text) {
  std::tm parts{};
  const char* rest = take(text, "%a, %d %b %Y %H:%M:%S GMT", parts);
  if (rest == nullptr || *rest != '\0') return {};
  return in_utc(parts);
}

std::string to_text(WallTime time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace upstream
