// Which pieces of a document stand in the next one as they were, and what lies between them.
//
// Bytes are compared, from both ends, and pieces looked for that moved; that costs less than
// reading the document, whatever is in it.
//
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "upstream/document_pieces.h"

namespace upstream {

/// Bytes in the place of some pieces of the last document, or of none.
struct Replaced {
  std::size_t first = 0, last = 0;  // pieces, not with `last`
  std::size_t begin = 0, end = 0;   // bytes

  std::size_t size() const { return end - begin; }
};

/// `around` is pieces of `text` that `next` stands in the place of, and the bytes of it in that
/// place. Returns what of them was replaced, in order; all other pieces stand, one after the other,
/// and the document's last piece only at the end. Nothing: too much was replaced.
std::optional<std::vector<Replaced>> replaced_pieces(std::string_view text,
                                                     const DocumentPieces& pieces,
                                                     const Replaced& around, std::string_view next);

}  // namespace upstream
