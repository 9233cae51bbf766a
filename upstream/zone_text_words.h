// The words of a zone-text entry: what stands before a record's data, and
// times. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/result.h"

namespace upstream {

/// The words between blanks; an escaped blank belongs to its word.
std::vector<std::string_view> words_of(std::string_view text);

/// `300`, `1h30m`; nothing: not a time, or one over 31 bits (RFC 2181, 8).
std::optional<std::uint32_t> seconds_from(std::string_view text);

/// The record `entry` with its TTL and class said, in one order: `owner TTL IN
/// type data`. RFC 1035 lets both be left out and stand either way round.
/// `ttl` is for those that say none. Error: a bad time, or a class other than IN.
dns::Result<std::string> with_ttl_and_class(std::string_view entry, std::uint32_t ttl);

}  // namespace upstream
