#include "upstream/catalog_document.h"

#include <algorithm>

namespace upstream {
namespace {

bool ends_with(std::string_view file, std::string_view ending) {
  if (file.size() < ending.size()) return false;
  file.remove_prefix(file.size() - ending.size());
  return std::equal(file.begin(), file.end(), ending.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a | 0x20 : a) == b; });
}

std::string_view without_mark(std::string_view text) {
  constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";
  return text.substr(0, 3) == kUtf8Mark ? text.substr(3) : text;
}

/// A bare or quoted key and `=` after it, as no record of a zone starts.
bool is_assignment(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view key = line.substr(0, equals);
  const std::size_t end = key.find_last_not_of(" \t");
  return end != std::string_view::npos &&
         key.substr(0, end + 1).find_first_of(" \t;(") == std::string_view::npos;
}

DocumentFormat sniffed(std::string_view text) {
  text = without_mark(text);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return DocumentFormat::zone_text;
  text.remove_prefix(first);
  if (text.front() == '{') return DocumentFormat::json;
  if (text.front() == '[' || text.front() == '#') return DocumentFormat::toml;
  const bool toml = is_assignment(text.substr(0, text.find('\n')));
  return toml ? DocumentFormat::toml : DocumentFormat::zone_text;
}

}  // namespace

DocumentFormat document_format(std::string_view file, std::string_view text) {
  if (ends_with(file, ".toml")) return DocumentFormat::toml;
  if (ends_with(file, ".json")) return DocumentFormat::json;
  if (ends_with(file, ".zone")) return DocumentFormat::zone_text;
  return sniffed(text);
}

dns::Result<cache::CatalogPart> read_catalog_document(std::string_view text,
                                                      const DocumentContext& context,
                                                      DocumentPieces* pieces) {
  switch (document_format(context.file, text)) {
    case DocumentFormat::toml:
      return read_catalog_toml(text, context, pieces);
    case DocumentFormat::json:
      return read_catalog_json(text, context, pieces);
    case DocumentFormat::zone_text:
      break;
  }
  return read_catalog_zone_text(text, context);
}

}  // namespace upstream
