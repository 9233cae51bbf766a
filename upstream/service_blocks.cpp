#include "upstream/service_blocks.h"

#include <string>

#include "upstream/toml_pieces.h"

namespace upstream {
namespace {

using Part = std::optional<cache::CatalogPart>;

constexpr std::string_view kBlanks = " \t\r\n";

Part part_of(dns::Result<cache::CatalogPart> read) {
  if (!read.ok()) return {};
  return std::move(read).value();
}

Part read_toml(std::string_view blocks, bool last, const DocumentContext& context,
               DocumentPieces& pieces) {
  const bool ends_a_line = blocks.empty() || blocks.ends_with('\n');
  if ((!last && !ends_a_line) || !is_toml_piece(blocks)) return {};
  return part_of(read_catalog_toml(blocks, context, &pieces));
}

/// The elements of an array: with the comma after the last, unless nothing follows.
Part read_json(std::string_view blocks, bool last, const DocumentContext& context,
               DocumentPieces& pieces) {
  if (blocks.find('\0') != blocks.npos) return {};  // the library takes it for the document's end
  const std::size_t end = blocks.find_last_not_of(kBlanks);
  if (end == std::string_view::npos) return last ? Part() : Part(std::in_place);
  if (!last && blocks[end] != ',') return {};
  const std::string opening = R"({"services":[)";
  const std::string document = opening + std::string(blocks.substr(0, last ? end + 1 : end)) + "]}";
  DocumentPieces found(pieces.least());
  Part part = part_of(read_catalog_json(document, context, &found));
  if (!part || part->services.empty()) return {};
  pieces.append(found, 0, found.count(), -static_cast<std::ptrdiff_t>(opening.size()));
  return part;
}

}  // namespace

std::optional<cache::CatalogPart> read_service_blocks(std::string_view blocks, bool last,
                                                      DocumentFormat format,
                                                      const DocumentContext& context,
                                                      DocumentPieces& pieces) {
  if (format == DocumentFormat::toml) return read_toml(blocks, last, context, pieces);
  return read_json(blocks, last, context, pieces);
}

}  // namespace upstream
