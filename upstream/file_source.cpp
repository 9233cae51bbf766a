#include "upstream/file_source.h"

#include <functional>
#include <string_view>
#include <utility>

#include "dnsd/net/file_watch.h"
#include "dnsd/net/whole_file.h"

namespace upstream {
namespace {

std::size_t digest_of(std::string_view text) {
  return std::hash<std::string_view>()(text);
}

}  // namespace

FileSource::FileSource(net::Loop& loop, DocumentContext document, CatalogSink& sink)
    : loop_(loop), document_(std::move(document)), sink_(sink) {}

FileSource::~FileSource() {
  loop_.cancel(again_);
}

/// The watch comes first, so that no change falls between it and the read.
void FileSource::start() {
  watch_ = std::make_unique<net::FileWatch>(loop_, document_.file, [this] { read(); });
  read();
}

void FileSource::read_again_after(std::chrono::milliseconds delay) {
  again_ = loop_.after(delay, [this] {
    again_ = 0;
    read();
  });
}

bool FileSource::may_be_half_written(const std::string& text) const {
  return text.empty() && !was_empty_ && !settling_;
}

void FileSource::read() {
  loop_.cancel(std::exchange(again_, 0));
  if (read_changes()) return;
  auto text = net::read_whole_file(document_.file, kMaxCatalogFile);
  if (!text.ok()) {
    seen_.reset();
    last_.reset();
    read_again_after(kFileRetry);
    fail(text.error().message);
    return;
  }
  if (may_be_half_written(text.value())) {
    settling_ = true;
    read_again_after(kEmptySettles);
    return;
  }
  settling_ = false;
  take(std::move(text).value());
}

/// False: it must be read whole.
bool FileSource::read_changes() {
  if (!last_) return false;
  auto change = net::read_what_changed(document_.file, kMaxCatalogFile, last_->text());
  if (!change) return false;
  settling_ = false;
  if (last_->is_same(*change)) return true;
  auto delta = last_->take(*change, document_);
  if (delta) {
    sink_.changed(std::move(*delta));
  } else {
    std::string text = last_->text_with(*change);
    change.reset();
    take_whole(std::move(text));
  }
  return true;
}

void FileSource::take(std::string text) {
  if (last_ ? text == last_->text() : seen_ && *seen_ == digest_of(text)) return;
  take_whole(std::move(text));
}

void FileSource::take_whole(std::string text) {
  last_.reset();
  was_empty_ = text.empty();
  DocumentPieces pieces;
  auto part = read_catalog_document(text, document_, &pieces);
  if (!part.ok()) {
    seen_ = digest_of(text);
    fail(part.error().message);
    return;
  }
  failure_.clear();
  remember(std::move(text), std::move(pieces));
  sink_.loaded(std::move(part).value());
}

void FileSource::remember(std::string text, DocumentPieces pieces) {
  seen_.reset();
  if (text.size() < kLargeDocument || pieces.count() < kFewPieces) {
    seen_ = digest_of(text);
  } else {
    const auto format = document_format(document_.file, text);
    last_.emplace(std::move(text), std::move(pieces), format);
  }
}

void FileSource::fail(const std::string& why) {
  if (std::exchange(failure_, why) != why) sink_.failed(why);
}

}  // namespace upstream
