// Text from outside, made fit for a terminal, and tables of it.
//
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace signpost::tool {

/// `text` with every byte that is not printable ASCII as \DDD, as zone text has it.
std::string shown(std::string_view text);

/// Rows of cells, the first being the headings; each column as wide as its widest cell. The
/// cells are shown().
std::string table(const std::vector<std::vector<std::string>>& rows);

}  // namespace signpost::tool
