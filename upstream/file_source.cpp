#include "upstream/file_source.h"

#include <functional>
#include <string_view>
#include <utility>

#include "dnsd/net/file_watch.h"
#include "dnsd/net/whole_file.h"

namespace upstream {

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
  const auto text = net::read_whole_file(document_.file, kMaxCatalogFile);
  if (!text.ok()) {
    seen_.reset();
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
  take(text.value());
}

void FileSource::take(const std::string& text) {
  const Digest digest = std::hash<std::string_view>()(text);
  if (std::exchange(seen_, digest) == digest) return;
  was_empty_ = text.empty();
  auto part = read_catalog_document(text, document_);
  if (!part.ok()) {
    fail(part.error().message);
    return;
  }
  failure_.clear();
  sink_.loaded(std::move(part).value());
}

void FileSource::fail(const std::string& why) {
  if (std::exchange(failure_, why) != why) sink_.failed(why);
}

}  // namespace upstream
