// Catalog documents: text to services, instances and records.
//
// Three formats: TOML, JSON and zone-file text. A document is read whole or not
// at all: the first thing wrong makes an error and nothing else, which starts
// with its place, `FILE:LINE:COLUMN: expected ..., found ...` (zone text has no
// column). Nothing recurses by the document's depth.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cache/instance.h"
#include "dnsd/dns/name.h"
#include "dnsd/dns/result.h"
#include "upstream/document_pieces.h"

namespace upstream {

/// What a reader must know beside the text.
struct DocumentContext {
  std::string file;       // as errors name it
  dns::Name zone;         // names are relative to it; zone text must stay inside
  std::uint32_t ttl = 5;  // seconds; of a zone-text record that has none and no $TTL before it
};

enum class DocumentFormat : std::uint8_t { toml, json, zone_text };

/// By the file's ending: `.toml`, `.json`, `.zone`, any case. With another one
/// the first line that says something decides: `{` opens JSON, `[`, `#` and
/// `key =` are TOML, everything else is zone text.
DocumentFormat document_format(std::string_view file, std::string_view text);

/// Reads `text` in the format that `document_format` says. The pieces of JSON, and of TOML that
/// begins with `[[service]]`, are added to `pieces`, which has none, and mean nothing after an
/// error; null: nobody wants them.
dns::Result<cache::CatalogPart> read_catalog_document(std::string_view text,
                                                      const DocumentContext& context,
                                                      DocumentPieces* pieces = nullptr);

dns::Result<cache::CatalogPart> read_catalog_toml(std::string_view text,
                                                  const DocumentContext& context,
                                                  DocumentPieces* pieces = nullptr);
dns::Result<cache::CatalogPart> read_catalog_json(std::string_view text,
                                                  const DocumentContext& context,
                                                  DocumentPieces* pieces = nullptr);
dns::Result<cache::CatalogPart> read_catalog_zone_text(std::string_view text,
                                                       const DocumentContext& context);

}  // namespace upstream
