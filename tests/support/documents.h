// Catalog documents for tests: the zone they are read for, and their error.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "upstream/catalog_document.h"

namespace support {

inline upstream::DocumentContext document(const std::string& file) {
  return {file, dns::Name::from_text("servicediscovery.internal").value(), 5};
}

/// The sentence, or "" when the document can be read.
inline std::string error_in(const std::string& file, std::string_view text) {
  const auto part = upstream::read_catalog_document(text, document(file));
  return part.ok() ? "" : part.error().message;
}

/// REQUIRES: the document can be read; else the test ends with a thrown sentence.
inline cache::CatalogPart part_of(const std::string& file, std::string_view text) {
  auto part = upstream::read_catalog_document(text, document(file));
  if (!part.ok()) throw std::runtime_error(part.error().message);
  return std::move(part).value();
}

}  // namespace support
