// Text from outside, made fit for a sentence. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace upstream {

// A sentence stays one readable line of a log.
constexpr std::size_t kQuotedMost = 80;

/// `'text'`, cut after `most` bytes; what is not printable ASCII shows as `?`.
std::string in_quotes(std::string_view text, std::size_t most = kQuotedMost);

/// `text` itself by the same rules, without the quotes.
std::string printable(std::string_view text, std::size_t most = kQuotedMost);

}  // namespace upstream
