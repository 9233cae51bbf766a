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
  /// What of the services is another in `next`, which is the last document from now on. Nothing:
  /// it must be read whole, and all is as it was.
  std::optional<cache::CatalogDelta> take(std::string& next, const DocumentContext& context);

 private:
  DocumentPieces pieces_of_next(const std::vector<Replaced>& replaced,
                                const std::vector<DocumentPieces>& read) const;

  std::string text_;
  DocumentPieces pieces_;
  DocumentFormat format_;
};

}  // namespace upstream
