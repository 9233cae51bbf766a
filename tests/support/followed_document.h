// A catalog that follows a document by what changes in it, and one that reads it whole each time:
// they must be the same.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "cache/catalog.h"
#include "tests/support/documents.h"
#include "upstream/document_changes.h"

namespace support {

/// What net::read_what_changed() would find.
inline net::Replacement replacement(std::string_view known, std::string_view next) {
  const std::size_t both = std::min(known.size(), next.size());
  std::size_t front = 0, back = 0;
  while (front < both && known[front] == next[front]) ++front;
  while (back < both - front && known[known.size() - 1 - back] == next[next.size() - 1 - back]) {
    ++back;
  }
  return {front, back, std::string(next.substr(front, next.size() - front - back))};
}

/// One source's catalog.
class OneCatalog {
 public:
  explicit OneCatalog(const dns::Name& zone) : catalog_(in(zone)) {
    id_ = catalog_.add_listing_source("file");
  }
  void load(cache::CatalogPart part) { catalog_.set_part(id_, std::move(part), {}); }
  void change(cache::CatalogDelta delta) { catalog_.change_services(id_, std::move(delta), {}); }
  std::map<std::string, cache::Service> services() const {
    std::map<std::string, cache::Service> all;
    for (const auto& service : catalog_.knowledge(id_).services) all[service->name] = *service;
    return all;
  }

 private:
  static conf::Zone in(const dns::Name& name) {
    conf::Zone zone;
    zone.name = name;
    return zone;
  }
  cache::Catalog catalog_;
  cache::SourceId id_ = 0;
};

class FollowedDocument {
 public:
  explicit FollowedDocument(const std::string& file, std::size_t least = 1)
      : context_(document(file)),
        least_(least),
        by_changes_(context_.zone),
        whole_(context_.zone) {}

  /// As the source `file` does; false: the catalogs differ.
  bool take(const std::string& text) {
    auto read = upstream::read_catalog_document(text, context_);
    error_ = read.ok() ? "" : read.error().message;
    if (read.ok()) whole_.load(std::move(read).value());
    by_delta_ = false;
    if (!take_changes(text)) take_whole(text);
    return error_ == followed_error_ && by_changes_.services() == whole_.services();
  }
  /// Whether the last text was read by what changed in it.
  bool by_delta() const { return by_delta_; }
  std::size_t changed() const { return changed_; }  // services then
  const std::string& error() const { return error_; }
  std::size_t pieces() const { return pieces_; }  // when it was read whole

 private:
  bool take_changes(const std::string& text) {
    if (!last_) return false;
    auto change = replacement(last_->text(), text);
    auto delta = last_->take(change, context_);
    if (last_->text_with(change) != text && last_->text() != text) std::abort();
    if (!delta) return false;
    if (last_->text() != text) std::abort();
    changed_ = delta->services.size() + delta->gone.size();
    by_delta_ = true;
    followed_error_.clear();
    by_changes_.change(std::move(*delta));
    return true;
  }
  void take_whole(const std::string& text) {
    last_.reset();
    upstream::DocumentPieces pieces(least_);
    auto read = upstream::read_catalog_document(text, context_, &pieces);
    followed_error_ = read.ok() ? "" : read.error().message;
    if (!read.ok()) return;
    pieces_ = pieces.count();
    const auto format = upstream::document_format(context_.file, text);
    if (pieces_ > 0) last_.emplace(text, std::move(pieces), format);
    by_changes_.load(std::move(read).value());
  }

  upstream::DocumentContext context_;
  std::size_t least_;
  OneCatalog by_changes_, whole_;
  std::optional<upstream::LastDocument> last_;
  std::string error_, followed_error_;
  bool by_delta_ = false;
  std::size_t changed_ = 0, pieces_ = 0;
};

}  // namespace support
