// A TOML catalog in pieces that can be parsed one after the other: each is a document of whole
// `[[service]]` blocks.
//
// The library takes the longer for a table the more there are before it, and keeps the whole
// document as a tree: a catalog of 100,000 instances took twice the time, and as much memory again.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace upstream {

// A document that is only read is cut into pieces at least so long.
constexpr std::size_t kTomlPiece = 16'384;

/// The pieces of `text`, at least one, in order and without a gap; one is cut off when it is at
/// least so long. A document that begins with anything but `[[service]]` is one piece.
std::vector<std::string_view> toml_pieces(std::string_view text, std::size_t least);
/// Whether `text` says nothing, or begins with `[[service]]`: nothing before it matters to it.
bool is_toml_piece(std::string_view text);

}  // namespace upstream
