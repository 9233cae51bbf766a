// The keys of a file catalog's services and instances, whatever the format:
// what each may hold, and what the values become. TOML and JSON readers hand
// over key by key; the readers know places, this knows meanings.
//
// Errors say what was expected and found; the reader puts the place in front.
// Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "cache/instance.h"
#include "dnsd/dns/name.h"
#include "dnsd/dns/result.h"

namespace upstream {

/// A number that is no 64-bit integer, as the text has it: it can only be an attribute.
struct Fraction {
  std::string text;
};
/// A value without parts, as TOML and JSON both have it.
using Scalar = std::variant<std::string, std::int64_t, Fraction, bool>;

/// One service of a document: a name, perhaps a version, and its instances.
struct ServiceBlock {
  std::string name;
  std::string version;               // of each instance that says none itself
  std::optional<std::uint32_t> ttl;  // seconds
  std::vector<std::pair<std::string, std::string>> attributes;  // of each instance without its own
  std::vector<cache::Instance> instances;
  std::string held = {};  // NOLINT(readability-redundant-string-init): as cache::Service has it
  std::uint16_t held_origin = 0;
};

// A TXT record set's strings must fit a message; this many cannot be meant.
constexpr std::size_t kMaxAttributes = 256;
// RFC 2181, 8: a TTL has 31 bits.
constexpr std::uint32_t kMaxTtl = 0x7fffffff;

/// Sets `name`, `version` or `ttl`; any other key is an attribute.
dns::Result<dns::Done> set_field(ServiceBlock& block, std::string_view key, const Scalar& value);

/// Sets `id`, `host`, `port`, `weight`, `priority`, `status`, `url` or
/// `version`; any other key is an attribute.
dns::Result<dns::Done> set_field(cache::Instance& instance, std::string_view key,
                                 const Scalar& value);

/// After an instance's last field: what is missing of host and port comes from
/// `url`. Error: there is no host in either.
dns::Result<dns::Done> complete(cache::Instance& instance);

/// After a service's last field: hands its version and attributes to its
/// instances. Error: no name, or one that is no name inside `zone`.
dns::Result<dns::Done> complete(ServiceBlock& block, const dns::Name& zone);

/// Error: no name, or one that is no name inside `zone`.
dns::Result<dns::Done> check_name(const ServiceBlock& block, const dns::Name& zone);

/// `healthy`, `unhealthy`, `draining`; any other word is unknown.
cache::Status status_from(std::string_view word);

}  // namespace upstream
