// The source `file`: a catalog document on disk, read whenever it changes: whole, or, when it is
// large and was read well before, what of it is another (document_changes.h).
//
// A file that is broken or away changes nothing but what is said of it. The
// same bytes again publish nothing.
//
// Control thread only; reading and parsing happen in its callbacks.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "dnsd/net/loop.h"
#include "upstream/catalog_document.h"
#include "upstream/catalog_source.h"
#include "upstream/document_changes.h"

namespace net {
class FileWatch;
}

namespace upstream {

// A larger file is no catalog, and would take the memory of the host.
constexpr std::size_t kMaxCatalogFile = std::size_t{256} << 20;
// A file that cannot be read is tried again this often, beside every change of
// it: nobody tells when a permission or a mount comes back.
constexpr std::chrono::milliseconds kFileRetry{3'000};
// Below this a document is read whole in some 20 ms, and its text is not kept then.
constexpr std::size_t kLargeDocument = 524'288;
// With fewer pieces, too much of it changes with each.
constexpr std::size_t kFewPieces = 4;
// Who writes in place truncates first: an empty file that was not empty before
// is believed when it is still empty after this long.
constexpr std::chrono::milliseconds kEmptySettles{200};

class FileSource final : public ListingSource {
 public:
  /// `document.file` is the path. `loop` and `sink` must outlive the source,
  /// and the sink must not destroy it while it is told.
  FileSource(net::Loop& loop, DocumentContext document, CatalogSink& sink);
  ~FileSource() override;

  /// Reads at once: the sink has heard the first outcome when this returns.
  void start() override;

 private:
  using Digest = std::size_t;

  void read();
  void take(std::string text);
  bool read_changes();
  void take_whole(std::string text);
  void remember(std::string text, DocumentPieces pieces);
  void read_again_after(std::chrono::milliseconds delay);
  bool may_be_half_written(const std::string& text) const;
  void fail(const std::string& why);

  net::Loop& loop_;
  DocumentContext document_;
  CatalogSink& sink_;
  // The bytes of the last outcome: read well and large, or, good or bad, their digest.
  std::optional<LastDocument> last_;
  std::optional<Digest> seen_;
  bool was_empty_ = true;  // those bytes, or none yet
  bool settling_ = false;  // found empty, and waiting to see it again
  std::string failure_;    // as last told to the sink; empty: none
  net::TimerId again_ = 0;
  std::unique_ptr<net::FileWatch> watch_;
};

}  // namespace upstream
