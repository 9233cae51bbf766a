// JSON from a control port, which may be anybody's.
//
// Pure.
#pragma once

#include <optional>
#include <string_view>

#include "dnsd/signpost/said.h"

namespace signpost::tool {

/// Nothing: it is no JSON, or is nested deeper than anything that we write.
std::optional<Json> read_json(std::string_view text);

/// The text, number or truth of that key of an object; where there is none, or it is
/// something else: empty, 0, false.
std::string text_at(const Json& object, const char* key);
double number_at(const Json& object, const char* key);
bool truth_at(const Json& object, const char* key);
/// The list or object of that key; where there is none: an empty list.
const Json& list_at(const Json& object, const char* key);
/// A whole number as it stands; empty where there is none.
std::string count_at(const Json& object, const char* key);

}  // namespace signpost::tool
