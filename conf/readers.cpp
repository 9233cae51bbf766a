#include "conf/readers.h"

#include <algorithm>
#include <charconv>

#include "conf/units.h"

namespace conf {
namespace {

constexpr std::uint16_t kControlPort = 5380;
constexpr std::int64_t kMostWorkers = 256;
constexpr std::uint64_t kLeastCache = std::uint64_t{64} << 10U;  // a few dozen answers
constexpr std::uint64_t kMostCache = std::uint64_t{1} << 40U;
constexpr std::size_t kTxtString = 255;  // RFC 1035, 3.3: a character-string

bool is_one_word(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f;
  });
}

/// Reads text with `parse`, whose error already says what it expected.
template <typename T>
std::optional<T> read_with(const Value& value, Problems& problems,
                           dns::Result<T> (*parse)(std::string_view)) {
  const auto text = read_text(value, problems);
  if (!text) return {};
  auto parsed = parse(*text);
  if (parsed.ok()) return std::move(parsed).value();
  problems.add(value.place, parsed.error().message);
  return {};
}

std::optional<std::int64_t> number_in(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.held)) return *number;
  if (!value.stands_for_any) return {};
  std::int64_t number = 0;
  const std::string& text = *value.text();
  auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size()) return {};
  return number;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

Value::List split(const Value& value) {
  Value::List elements;
  std::string_view rest = *value.text();
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    elements.push_back(Value::outside(value.place.variable, trimmed(rest.substr(0, comma))));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return elements;
}

bool is_url(std::string_view text) {
  const std::size_t end = text.find("://");
  const auto scheme = text.substr(0, end);
  if (end == std::string_view::npos || (scheme != "http" && scheme != "https")) return false;
  const std::string_view rest = text.substr(end + 3);
  return !rest.empty() && rest[0] != '/' && rest[0] != ':' &&
         rest.find_first_of(" \t\r\n") == std::string_view::npos;
}

dns::Result<dns::SocketAddress> dns_address(std::string_view text) {
  return dns::SocketAddress::from_text(text, kDnsPort);
}

dns::Result<dns::SocketAddress> control_address(std::string_view text) {
  return dns::SocketAddress::from_text(text, kControlPort);
}

}  // namespace

std::optional<bool> read_flag(const Value& value, Problems& problems) {
  if (const auto* flag = std::get_if<bool>(&value.held)) return *flag;
  if (value.stands_for_any && *value.text() == "true") return true;
  if (value.stands_for_any && *value.text() == "false") return false;
  problems.expected(value, "true or false");
  return {};
}

std::optional<std::string> read_text(const Value& value, Problems& problems) {
  if (const std::string* text = value.text()) return *text;
  problems.expected(value, "text in quotes");
  return {};
}

std::optional<std::string> read_txt_string(const Value& value, Problems& problems) {
  auto text = read_text(value, problems);
  if (!text || text->size() <= kTxtString) return text;
  problems.add(value.place, "expected at most " + std::to_string(kTxtString) + " bytes, found " +
                                std::to_string(text->size()));
  return {};
}

std::optional<std::string> read_slash_path(const Value& value, Problems& problems) {
  auto text = read_text(value, problems);
  if (!text || text->starts_with('/')) return text;
  problems.expected(value, "a path that begins with a slash");
  return {};
}

std::optional<std::string> read_request_path(const Value& value, Problems& problems) {
  auto text = read_slash_path(value, problems);
  if (!text || is_one_word(*text)) return text;
  problems.expected(value, "a path without blanks");
  return {};
}

std::optional<std::string> read_host_header(const Value& value, Problems& problems) {
  auto text = read_text(value, problems);
  if (!text || is_one_word(*text)) return text;
  problems.expected(value, "a host without blanks");
  return {};
}

std::optional<std::string> read_url(const Value& value, Problems& problems) {
  auto text = read_text(value, problems);
  if (!text || is_url(*text)) return text;
  problems.expected(value, "a URL such as http://10.0.0.9:5380 or https://catalog.example/dev");
  return {};
}

std::optional<std::string> read_url_or_none(const Value& value, Problems& problems) {
  if (value.text() && value.text()->empty()) return "";
  return read_url(value, problems);
}

std::optional<dns::Name> read_name(const Value& value, Problems& problems) {
  const auto text = read_text(value, problems);
  if (!text) return {};
  const auto name = dns::Name::from_text(*text);
  if (name.ok() && !name.value().is_root()) return name.value();
  problems.add(value.place, "expected a domain name such as corp.example, found " + value.found() +
                                (name.ok() ? "" : ": " + name.error().message));
  return {};
}

std::optional<dns::SocketAddress> read_dns_address(const Value& value, Problems& problems) {
  return read_with(value, problems, dns_address);
}

std::optional<std::vector<dns::SocketAddress>> read_listen_addresses(const Value& value,
                                                                     Problems& problems) {
  auto addresses = read_list<read_dns_address>(value, problems);
  if (!addresses) return {};
  const auto elements = *read_elements(value, problems);
  for (auto at = addresses->begin(); at != addresses->end(); ++at) {
    if (at->port == 0 || std::find(addresses->begin(), at, *at) == at) continue;
    problems.expected(elements[static_cast<std::size_t>(at - addresses->begin())],
                      "each address once");
    return {};
  }
  return addresses;
}

std::optional<std::optional<dns::SocketAddress>> read_control_address(const Value& value,
                                                                      Problems& problems) {
  if (value.text() && value.is_off()) return std::optional<dns::SocketAddress>();
  return read_with(value, problems, control_address);
}

std::optional<dns::Prefix> read_prefix(const Value& value, Problems& problems) {
  return read_with(value, problems, dns::Prefix::from_text);
}

std::optional<Upstream> read_upstream(const Value& value, Problems& problems) {
  return read_with(value, problems, upstream_from_text);
}

std::optional<std::pair<std::string, std::string>> read_service(const Value& value,
                                                                Problems& problems) {
  return read_with(value, problems, service_from_text);
}

std::optional<std::int64_t> read_workers(const Value& value, Problems& problems) {
  if (value.text() && *value.text() == "auto") return 0;
  const auto number = number_in(value);
  if (number && *number >= 1 && *number <= kMostWorkers) return number;
  problems.expected(value,
                    "a whole number from 1 to " + std::to_string(kMostWorkers) + " or \"auto\"");
  return {};
}

std::optional<std::optional<std::uint64_t>> read_cache_size(const Value& value,
                                                            Problems& problems) {
  using Size = std::optional<std::uint64_t>;
  if (value.text() && *value.text() == "auto") return Size();
  Size size;
  if (const auto* number = std::get_if<std::int64_t>(&value.held); number && *number > 0) {
    size = static_cast<std::uint64_t>(*number);
  } else if (const std::string* text = value.text()) {
    const auto parsed = size_from_text(*text);
    if (parsed.ok()) size = parsed.value();
  }
  if (size && *size >= kLeastCache && *size <= kMostCache) return size;
  problems.expected(value, "a size from " + size_to_text(kLeastCache) + " to " +
                               size_to_text(kMostCache) + " such as \"32MiB\", or \"auto\"");
  return {};
}

std::optional<Value::List> read_elements(const Value& value, Problems& problems) {
  if (const auto* list = std::get_if<Value::List>(&value.held)) return *list;
  if (value.stands_for_any) return split(value);
  problems.expected(value, "a list in square brackets");
  return {};
}

std::optional<std::int64_t> read_number_within(const Value& value, std::int64_t least,
                                               std::int64_t most, Problems& problems) {
  const auto number = number_in(value);
  if (number && *number >= least && *number <= most) return number;
  problems.expected(value,
                    "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return {};
}

std::optional<Milliseconds> read_time_within(const Value& value, Milliseconds least,
                                             Milliseconds most, Problems& problems) {
  const std::string* text = value.text();
  const auto time = duration_from_text(text ? *text : "");
  const bool fits = time.ok() && time.value() >= least && time.value() <= most;
  if (fits) return time.value();
  problems.expected(
      value, "a duration from " + to_text(least) + " to " + to_text(most) + " such as \"10s\"");
  return {};
}

std::optional<std::chrono::seconds> whole_seconds(const Value& value,
                                                  std::optional<Milliseconds> time,
                                                  Problems& problems) {
  if (!time) return {};
  if (time->count() % kSecond == 0) return std::chrono::seconds{time->count() / kSecond};
  problems.expected(value, "a duration in whole seconds");
  return {};
}

}  // namespace conf
