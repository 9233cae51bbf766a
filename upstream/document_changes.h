// A catalog document as it was read last, so that of the next one only that is read which is
// other than before.
//
// It is exact: what lies between two pieces that stand is read by itself, which goes well only
// when it ends where another service may begin, and there the pieces go on as they did. Whatever
// is odd, an error first, makes the caller read the whole document, and say what that says.
//
// Pure; belongs to one source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cache/instance.h"
#include "dnsd/net/whole_file.h"
#include "upstream/catalog_document.h"
#include "upstream/document_pieces.h"
#include "upstream/standing_pieces.h"

namespace upstream {

class LastDocument {
 public:
  /// REQUIRES: `text` was read well, in `format`, and these are its pieces, at least one.
  LastDocument(std::string text, DocumentPieces pieces, DocumentFormat format)
      : text_(std::move(text)), pieces_(std::move(pieces)), format_(format) {}

  const std::string& text() const { return text_; }
  bool is_same(const net::Replacement& change) const {
    return change.front + change.back == text_.size() && change.bytes.empty();
  }
  /// The next document.
  std::string text_with(const net::Replacement& change) const;
  /// What of the services is another in the next document, which is the last one from now on.
  /// Nothing: it must be read whole, and all is as it was. `change` is the same one afterwards,
  /// perhaps with more around it.
  std::optional<cache::CatalogDelta> take(net::Replacement& change, const DocumentContext& context);

 private:
  std::optional<Replaced> widen(net::Replacement& change) const;
  void begin_with_blocks(std::vector<Replaced>& replaced, std::size_t standing,
                         std::string_view bytes) const;
  DocumentPieces pieces_of_next(std::size_t start, const std::vector<Replaced>& replaced,
                                const std::vector<DocumentPieces>& read) const;

  std::string text_;
  DocumentPieces pieces_;
  DocumentFormat format_;
};

}  // namespace upstream
