// Which pieces of a document stand in the next one as they were, and what lies between them.
//
// It compares the one with the other from both ends, and looks for pieces again that moved; that
// costs less than reading the document, whatever is in it.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "upstream/document_pieces.h"

namespace upstream {

/// Bytes of the next document in the place of some pieces of the last one, or of none.
struct Replaced {
  std::size_t first = 0, last = 0;  // pieces, not with `last`
  std::size_t begin = 0, end = 0;   // bytes
};

/// What was replaced, in order; all other pieces stand, one after the other, and the last piece
/// only at the end. Nothing: what is before or after the pieces is another, or too much of them is.
std::optional<std::vector<Replaced>> replaced_pieces(std::string_view text,
                                                     const DocumentPieces& pieces,
                                                     std::string_view next);

}  // namespace upstream
