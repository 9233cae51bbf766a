// A bound on how deep a TOML document nests by dotted names, found before it is
// parsed: the library bounds nested values, but `[a.a.a. ...]` makes a table in
// a table for each dot, and a table is let go of by recursion.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace upstream {

// A catalog needs one dot (`[[service.instance]]`).
constexpr std::size_t kMaxTomlDots = 8;

/// Where the first dot of a name stands that has one more than the bound.
/// Strings and comments are passed over. Nothing: the document is flat enough.
std::optional<std::size_t> toml_too_deep(std::string_view text);

}  // namespace upstream
