// A run of whole service blocks taken out of a TOML or JSON document, read by itself.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "upstream/catalog_document.h"
#include "upstream/document_pieces.h"

namespace upstream {

/// What `blocks` say, and their pieces, counted from where they begin. `last`: nothing follows them
/// in the list of services, else a block does. Nothing: not read well, or not such a run, so that
/// something else may be meant by it where it stands.
std::optional<cache::CatalogPart> read_service_blocks(std::string_view blocks, bool last,
                                                      DocumentFormat format,
                                                      const DocumentContext& context,
                                                      DocumentPieces& pieces);

}  // namespace upstream
