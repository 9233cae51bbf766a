// From what a user wrote to a key's value, within its bounds. A reader returns
// nothing after telling `problems` what was expected and what was found.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conf/config.h"
#include "conf/nearest.h"
#include "conf/problems.h"
#include "conf/value.h"

namespace conf {

std::optional<bool> read_flag(const Value& value, Problems& problems);
std::optional<std::string> read_text(const Value& value, Problems& problems);
/// Text that a TXT record carries in one string: at most 255 bytes.
std::optional<std::string> read_txt_string(const Value& value, Problems& problems);
/// An etcd key: begins with a slash.
std::optional<std::string> read_slash_path(const Value& value, Problems& problems);
/// What stands in the first line of an HTTP request, and what in its Host header: no blanks and no
/// line's end, which would make two of it.
std::optional<std::string> read_request_path(const Value& value, Problems& problems);
std::optional<std::string> read_host_header(const Value& value, Problems& problems);
/// An `http://` or `https://` URL with a host.
std::optional<std::string> read_url(const Value& value, Problems& problems);
/// The same, or empty.
std::optional<std::string> read_url_or_none(const Value& value, Problems& problems);
/// A domain name below the root.
std::optional<dns::Name> read_name(const Value& value, Problems& problems);
std::optional<dns::SocketAddress> read_dns_address(const Value& value, Problems& problems);
/// Where to listen: each address once, but port 0 as often as one likes.
std::optional<std::vector<dns::SocketAddress>> read_listen_addresses(const Value& value,
                                                                     Problems& problems);
/// An address with a port, or nothing: empty, `none`, `off`.
std::optional<std::optional<dns::SocketAddress>> read_control_address(const Value& value,
                                                                      Problems& problems);
std::optional<dns::Prefix> read_prefix(const Value& value, Problems& problems);
std::optional<Upstream> read_upstream(const Value& value, Problems& problems);
std::optional<std::pair<std::string, std::string>> read_service(const Value& value,
                                                                Problems& problems);
/// `auto` is 0, which stands for the number of cores.
std::optional<std::int64_t> read_workers(const Value& value, Problems& problems);
/// `auto` is no size.
std::optional<std::optional<std::uint64_t>> read_cache_size(const Value& value, Problems& problems);

/// The elements of a list. Outside the file they stand between commas.
std::optional<Value::List> read_elements(const Value& value, Problems& problems);
std::optional<std::int64_t> read_number_within(const Value& value, std::int64_t least,
                                               std::int64_t most, Problems& problems);
std::optional<Milliseconds> read_time_within(const Value& value, Milliseconds least,
                                             Milliseconds most, Problems& problems);
std::optional<std::chrono::seconds> whole_seconds(const Value& value,
                                                  std::optional<Milliseconds> time,
                                                  Problems& problems);

template <std::int64_t Least, std::int64_t Most>
std::optional<std::int64_t> read_number(const Value& value, Problems& problems) {
  return read_number_within(value, Least, Most, problems);
}

// Bounds of times, in milliseconds.
constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

template <std::int64_t Least, std::int64_t Most>
std::optional<Milliseconds> read_time(const Value& value, Problems& problems) {
  return read_time_within(value, Milliseconds{Least}, Milliseconds{Most}, problems);
}

/// For what DNS counts in whole seconds.
template <std::int64_t Least, std::int64_t Most>
std::optional<std::chrono::seconds> read_seconds(const Value& value, Problems& problems) {
  return whole_seconds(value, read_time<Least, Most>(value, problems), problems);
}

/// One word of a closed set, and what it stands for.
template <typename Meaning>
struct Word {
  std::string_view text;
  Meaning meaning;
};

template <const auto& Words>
auto read_word(const Value& value, Problems& problems)
    -> std::optional<decltype(Words[0].meaning)> {
  const std::string* text = value.text();
  std::vector<std::string> known;
  for (const auto& word : Words) {
    if (text && *text == word.text) return word.meaning;
    known.push_back("\"" + std::string(word.text) + "\"");
  }
  std::string sentence = "expected " + listed(known, "or") + ", found " + value.found();
  for (std::string& word : known) word = word.substr(1, word.size() - 2);
  problems.add(value.place, sentence + (text ? did_you_mean(*text, known) : ""));
  return {};
}

enum class MayBeEmpty : std::uint8_t { no, yes };

template <auto ReadOne, MayBeEmpty Empty = MayBeEmpty::no>
auto read_list(const Value& value, Problems& problems) {
  using Element = typename decltype(ReadOne(value, problems))::value_type;
  std::optional<std::vector<Element>> list;
  const auto elements = read_elements(value, problems);
  if (!elements) return list;
  if (elements->empty() && Empty == MayBeEmpty::no) {
    problems.add(value.place, "expected at least one element, found an empty list");
    return list;
  }
  list.emplace();
  for (const Value& element : *elements) {
    if (auto read = ReadOne(element, problems)) list->push_back(std::move(*read));
  }
  if (list->size() < elements->size()) list.reset();
  return list;
}

}  // namespace conf
