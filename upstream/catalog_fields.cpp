#include "upstream/catalog_fields.h"

#include <algorithm>
#include <limits>

#include "upstream/endpoint.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

using dns::Done;
using dns::Error;
using dns::Result;

std::string description(const Scalar& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return in_quotes(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* fraction = std::get_if<Fraction>(&value)) return printable(fraction->text);
  return std::get<bool>(value) ? "true" : "false";
}

Error expected(std::string_view key, std::string_view what, const Scalar& found) {
  return Error{"expected " + std::string(what) + " as " + std::string(key) + ", found " +
               description(found)};
}

std::string text_of(const Scalar& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return description(value);
}

Result<Done> set_text(std::string& out, std::string_view key, const Scalar& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return expected(key, "text in quotes", value);
  out = *text;
  return Done{};
}

template <typename Number>
Result<Done> set_number(Number& out, std::string_view key, const Scalar& value, std::int64_t least,
                        std::int64_t most) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < least || *number > most) {
    return expected(key, "a number from " + std::to_string(least) + " to " + std::to_string(most),
                    value);
  }
  out = static_cast<Number>(*number);
  return Done{};
}

Result<Done> set_host(std::string& out, const Scalar& value) {
  const auto* text = std::get_if<std::string>(&value);
  std::string_view host = text == nullptr ? std::string_view() : std::string_view(*text);
  if (host.size() > 1 && host.back() == '.') host.remove_suffix(1);
  if (!is_host(host)) return expected("host", "an address or a host name", value);
  out = host;
  return Done{};
}

Result<Done> set_status(cache::Instance& instance, const Scalar& value) {
  auto set = set_text(instance.status_text, "status", value);
  if (set.ok()) instance.status = status_from(instance.status_text);
  return set;
}

Result<Done> add_attribute(std::vector<std::pair<std::string, std::string>>& attributes,
                           std::string_view key, const Scalar& value) {
  if (attributes.size() == kMaxAttributes) {
    return Error{"expected at most " + std::to_string(kMaxAttributes) +
                 " attributes, found one more: " + in_quotes(key)};
  }
  attributes.emplace_back(key, text_of(value));
  return Done{};
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '\x7f'; });
}

/// `text` in front of `zone` as a name; the error says what `text` is meant to be.
Result<dns::Name> name_in(const std::string& text, const dns::Name& zone, std::string_view what) {
  const bool readable = is_plain(text) && !text.empty() && text.back() != '.';
  const std::string after = zone.is_root() ? "." : "." + zone.to_text();
  auto name = dns::Name::from_text(readable ? text + after : std::string());
  if (name.ok()) return name;
  return Error{"expected a " + std::string(what) +
               " of labels of 1 to 63 bytes, relative to the zone, 255 bytes in all, found " +
               in_quotes(text)};
}

void sort_by_name(cache::Instance& instance) {
  std::sort(instance.attributes.begin(), instance.attributes.end());
}

void inherit(cache::Instance& instance, const ServiceBlock& block) {
  if (instance.version.empty()) instance.version = block.version;
  const std::size_t own = instance.attributes.size();
  for (const auto& given : block.attributes) {
    const auto end = instance.attributes.begin() + static_cast<std::ptrdiff_t>(own);
    const bool has = std::any_of(instance.attributes.begin(), end,
                                 [&](const auto& its) { return its.first == given.first; });
    if (!has) instance.attributes.push_back(given);
  }
  sort_by_name(instance);
}

}  // namespace

cache::Status status_from(std::string_view word) {
  if (word == "healthy") return cache::Status::healthy;
  if (word == "unhealthy") return cache::Status::unhealthy;
  return word == "draining" ? cache::Status::draining : cache::Status::unknown;
}

Result<Done> set_field(ServiceBlock& block, std::string_view key, const Scalar& value) {
  if (key == "name") return set_text(block.name, key, value);
  if (key == "version") return set_text(block.version, key, value);
  if (key == "ttl") {
    block.ttl.emplace();
    return set_number(*block.ttl, key, value, 0, kMaxTtl);
  }
  return add_attribute(block.attributes, key, value);
}

Result<Done> set_field(cache::Instance& instance, std::string_view key, const Scalar& value) {
  if (key == "id") return set_text(instance.id, key, value);
  if (key == "host") return set_host(instance.host, value);
  if (key == "port") return set_number(instance.port, key, value, 1, 65535);
  if (key == "weight") {
    return set_number(instance.weight, key, value, 0, std::numeric_limits<std::uint32_t>::max());
  }
  if (key == "priority") return set_number(instance.priority, key, value, 0, 65535);
  if (key == "status") return set_status(instance, value);
  if (key == "url") return set_text(instance.url, key, value);
  if (key == "version") return set_text(instance.version, key, value);
  return add_attribute(instance.attributes, key, value);
}

Result<Done> complete(cache::Instance& instance) {
  sort_by_name(instance);
  const auto place = endpoint_from_url(instance.url);
  if (instance.host.empty() && !place) {
    return Error{"expected a host, or a url with one, found " +
                 (instance.url.empty() ? "neither" : "url " + in_quotes(instance.url))};
  }
  if (instance.host.empty()) instance.host = place->host;
  if (instance.port == 0 && place) instance.port = place->port;
  return Done{};
}

Result<Done> complete(ServiceBlock& block, const dns::Name& zone) {
  auto owner = name_in(block.name, zone, "service name");
  if (!owner.ok()) return owner.error();
  for (cache::Instance& instance : block.instances) {
    inherit(instance, block);
    if (instance.version.empty()) continue;
    auto versioned = name_in(instance.version, owner.value(), "version");
    if (!versioned.ok()) return versioned.error();
  }
  return Done{};
}

Result<Done> check_name(const ServiceBlock& block, const dns::Name& zone) {
  auto owner = name_in(block.name, zone, "service name");
  if (!owner.ok()) return owner.error();
  return Done{};
}

}  // namespace upstream
