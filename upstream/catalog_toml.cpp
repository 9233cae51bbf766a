// Catalog documents in TOML: `[[service]]` with `[[service.instance]]` below.
#include <toml++/toml.h>
#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

#include "upstream/catalog_builder.h"
#include "upstream/catalog_document.h"
#include "upstream/catalog_fields.h"
#include "upstream/document_place.h"
#include "upstream/printable.h"
#include "upstream/toml_depth.h"
#include "upstream/toml_pieces.h"

namespace upstream {
namespace {

using dns::Done;
using dns::Error;
using dns::Result;

constexpr std::size_t kReasonMost = 200;  // the library's sentence may hold text of the file

Place place_of(const toml::source_region& source) {
  return Place{source.begin.line, source.begin.column};
}

/// `3.5`, `nan`, `1979-05-27T07:32:00Z`: as the document could have had it.
template <typename Value>
Fraction spelled(const Value& value) {
  std::ostringstream out;
  out << value;
  return Fraction{out.str()};
}

Fraction spelled(double value) {
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  return Fraction{std::string(std::begin(digits), end)};
}

/// Nothing: it is a table or an array.
std::optional<Scalar> scalar_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return Scalar(text->get());
  if (const auto* number = node.as_integer()) return Scalar(number->get());
  if (const auto* yes = node.as_boolean()) return Scalar(yes->get());
  if (const auto* number = node.as_floating_point()) return Scalar(spelled(number->get()));
  if (const auto* date = node.as_date()) return Scalar(spelled(date->get()));
  if (const auto* time = node.as_time()) return Scalar(spelled(time->get()));
  if (const auto* both = node.as_date_time()) return Scalar(spelled(both->get()));
  return {};
}

class TomlReader {
 public:
  TomlReader(const DocumentContext& context, DocumentPieces* pieces)
      : context_(context), pieces_(pieces) {}

  /// Reads the next piece of the document, `lines_above` lines down in it.
  Result<Done> read(const toml::table& document, std::size_t lines_above) {
    lines_above_ = lines_above;
    for (const auto& [key, value] : document) {
      if (key.str() != "service") {
        return error(place_of(key.source()), "expected [[service]], found " + in_quotes(key.str()));
      }
      auto all = read_tables(value, "[[service]]", [&](const auto& t) { return service(t); });
      if (!all.ok()) return all.error();
    }
    return Done{};
  }
  cache::CatalogPart finish() { return builder_.finish(); }

 private:
  Error error(Place place, const std::string& sentence) const {
    if (place.line > 0) place.line += lines_above_;
    return error_at(context_.file, place, sentence + in_instance(instance_, service_));
  }

  /// Each table of the array `node` to `read`; the first error ends it.
  template <typename Read>
  Result<Done> read_tables(const toml::node& node, const std::string& what, Read read) {
    const toml::array* tables = node.as_array();
    const std::string expected = "expected " + what + ", found ";
    if (tables == nullptr) {
      return error(place_of(node.source()), expected + (node.is_table() ? "a table" : "a value"));
    }
    for (const toml::node& element : *tables) {
      const toml::table* table = element.as_table();
      if (table == nullptr)
        return error(place_of(element.source()), expected + "a value in an array");
      auto done = read(*table);
      if (!done.ok()) return done;
    }
    return Done{};
  }

  Result<Done> service(const toml::table& table) {
    ServiceBlock block;
    service_ = table["name"].value_or(std::string());
    for (const auto& [key, value] : table) {
      auto set = key.str() == "instance" ? instances(value, block) : field(block, key, value);
      if (!set.ok()) return set;
    }
    auto completed = complete(block, context_.zone);
    if (!completed.ok()) return error(place_of(table.source()), completed.error().message);
    service_.clear();
    if (pieces_ != nullptr)
      pieces_->add_name(name_print(owner_of_service(block.name, context_.zone)));
    builder_.add(std::move(block));
    return Done{};
  }

  Result<Done> instances(const toml::node& node, ServiceBlock& block) {
    instance_ = 0;
    auto all = read_tables(node, "[[service.instance]]", [&](const toml::table& table) {
      ++instance_;
      return instance(table, block);
    });
    if (all.ok()) instance_ = 0;
    return all;
  }

  Result<Done> instance(const toml::table& table, ServiceBlock& block) {
    cache::Instance instance;
    for (const auto& [key, value] : table) {
      auto set = field(instance, key, value);
      if (!set.ok()) return set;
    }
    auto completed = complete(instance);
    if (!completed.ok()) return error(place_of(table.source()), completed.error().message);
    block.instances.push_back(std::move(instance));
    return Done{};
  }

  template <typename Holder>
  Result<Done> field(Holder& holder, const toml::key& key, const toml::node& value) {
    const auto scalar = scalar_of(value);
    if (!scalar) {
      return error(place_of(value.source()), "expected text, a number, true or false as " +
                                                 printable(key.str()) + ", found " +
                                                 (value.is_table() ? "a table" : "an array"));
    }
    auto set = set_field(holder, key.str(), *scalar);
    if (!set.ok()) return error(place_of(value.source()), set.error().message);
    return Done{};
  }

  const DocumentContext& context_;
  DocumentPieces* pieces_;  // null: not wanted
  CatalogBuilder builder_;
  std::size_t lines_above_ = 0;
  std::string service_;       // being read; empty: none, or it has no name
  std::size_t instance_ = 0;  // being read, from 1
};

Result<cache::CatalogPart> read_in_pieces(std::string_view text, std::size_t least,
                                          const DocumentContext& context, DocumentPieces* pieces) {
  TomlReader reader(context, pieces);
  std::size_t lines = 0;
  try {
    for (const std::string_view piece : toml_pieces(text, least)) {
      if (pieces != nullptr)
        pieces->may_begin(static_cast<std::size_t>(piece.data() - text.data()));
      auto read = reader.read(toml::parse(piece), lines);
      if (!read.ok()) return read.error();
      lines += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
    }
    if (pieces != nullptr) pieces->end_at(text.size());
    return reader.finish();
  } catch (const toml::parse_error& problem) {
    Place place = place_of(problem.source());
    place.line += lines;
    return error_at(context.file, place,
                    "expected TOML, found: " + printable(problem.description(), kReasonMost));
  }
}

}  // namespace

Result<cache::CatalogPart> read_catalog_toml(std::string_view text, const DocumentContext& context,
                                             DocumentPieces* pieces) {
  if (const auto deep = toml_too_deep(text)) {
    return error_at(context.file, place_of(text, *deep),
                    "expected a name with at most " + std::to_string(kMaxTomlDots) +
                        " dots outside quotes, found one more");
  }
  if (pieces != nullptr && is_toml_piece(text)) {
    auto read = read_in_pieces(text, pieces->least(), context, pieces);
    if (read.ok()) return read;
    *pieces = DocumentPieces(pieces->least());
  }
  // Of several errors, which is found first depends on where the text is cut.
  return read_in_pieces(text, kTomlPiece, context, nullptr);
}

}  // namespace upstream
