// Base64 (RFC 4648, 4), in which JSON carries bytes. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace upstream {

std::string to_base64(std::string_view bytes);

/// Nothing: not base64, or not whole groups of four.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace upstream
