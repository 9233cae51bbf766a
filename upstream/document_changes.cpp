#include "upstream/document_changes.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "upstream/service_blocks.h"
#include "upstream/toml_pieces.h"

namespace upstream {
namespace {

/// The services of what was replaced, before and after.
class ChangedServices {
 public:
  ChangedServices(DocumentFormat format, const DocumentContext& context)
      : format_(format), context_(context) {}

  bool before(std::string_view blocks, bool last) {
    DocumentPieces unused;
    return read(blocks, last, before_, unused);
  }
  bool after(std::string_view blocks, bool last, DocumentPieces& pieces) {
    return read(blocks, last, after_, pieces);
  }
  bool has_name(std::uint32_t print) const { return prints_.contains(print); }

  cache::CatalogDelta delta() {
    cache::CatalogDelta delta;
    for (auto& [owner, service] : after_) {
      const auto was = before_.find(owner);
      const bool same = was != before_.end() && was->second == service;
      if (!same) delta.services.push_back(std::move(service));
    }
    for (auto& [owner, service] : before_) {
      if (!after_.contains(owner)) delta.gone.push_back(std::move(service.name));
    }
    return delta;
  }

 private:
  using Services = std::unordered_map<std::string, cache::Service>;  // by owner

  /// False: an error, or a name whose blocks are not together.
  bool read(std::string_view blocks, bool last, Services& into, DocumentPieces& pieces) {
    auto part = read_service_blocks(blocks, last, format_, context_, pieces);
    if (!part) return false;
    for (cache::Service& service : part->services) {
      std::string owner = owner_of_service(service.name, context_.zone);
      prints_.insert(name_print(owner));
      if (!into.try_emplace(std::move(owner), std::move(service)).second) return false;
    }
    return true;
  }

  DocumentFormat format_;
  const DocumentContext& context_;
  Services before_, after_;
  std::unordered_set<std::uint32_t> prints_;
};

/// Whether a piece that stands has a block of a service that may have changed.
bool touches(const ChangedServices& changed, const DocumentPieces& pieces,
             const std::vector<Replaced>& replaced) {
  bool found = false;
  const auto look = [&](std::uint32_t print) { found = found || changed.has_name(print); };
  std::size_t standing = 0;
  for (const Replaced& gap : replaced) {
    pieces.names(standing, gap.first, look);
    standing = gap.last;
  }
  pieces.names(standing, pieces.count(), look);
  return found;
}

}  // namespace

std::string LastDocument::text_with(const net::Replacement& change) const {
  std::string next;
  next.reserve(change.front + change.bytes.size() + change.back);
  next.append(text_, 0, change.front).append(change.bytes);
  return next.append(text_, text_.size() - change.back);
}

/// Lets `change` begin and end with the pieces that it lies in, and returns these and the bytes in
/// their place. Nothing: what stands before all pieces or after them is another.
std::optional<Replaced> LastDocument::widen(net::Replacement& change) const {
  const std::size_t back = text_.size() - change.back;
  std::size_t first = 0, last = pieces_.count();
  if (change.front < pieces_.begin(0) || back > pieces_.begin(last)) return {};
  while (last > 0 && pieces_.begin(last - 1) >= back) --last;
  while (first + 1 < pieces_.count() && first < last && pieces_.begin(first + 1) < change.front) {
    ++first;
  }
  const std::size_t begin = pieces_.begin(first), end = pieces_.begin(last);
  change.bytes.insert(0, text_, begin, change.front - begin);
  change.bytes.append(text_, back, end - back);
  change.front = begin;
  change.back = text_.size() - end;
  return Replaced{first, last, 0, change.bytes.size()};
}

std::optional<cache::CatalogDelta> LastDocument::take(net::Replacement& change,
                                                      const DocumentContext& context) {
  const auto around = widen(change);
  if (!around) return {};
  auto replaced = replaced_pieces(text_, pieces_, *around, change.bytes);
  if (!replaced) return {};
  if (format_ == DocumentFormat::toml) begin_with_blocks(*replaced, around->first, change.bytes);
  ChangedServices changed(format_, context);
  std::vector<DocumentPieces> read;
  for (const Replaced& gap : *replaced) {
    const bool last = gap.last == pieces_.count();
    read.emplace_back(pieces_.least());
    const bool well = changed.before(pieces_.text(text_, gap.first, gap.last), last) &&
                      changed.after(std::string_view(change.bytes).substr(gap.begin, gap.size()),
                                    last, read.back());
    if (!well) return {};
  }
  if (touches(changed, pieces_, *replaced)) return {};
  DocumentPieces pieces = pieces_of_next(change.front, *replaced, read);
  if (pieces.count() == 0) return {};
  pieces_ = std::move(pieces);
  text_.replace(change.front, text_.size() - change.front - change.back, change.bytes);
  return changed.delta();
}

/// Lines put behind a piece belong to its last block: the piece is then replaced as well.
void LastDocument::begin_with_blocks(std::vector<Replaced>& replaced, std::size_t standing,
                                     std::string_view bytes) const {
  for (Replaced& gap : replaced) {
    if (gap.first > standing && !is_toml_piece(bytes.substr(gap.begin, gap.size()))) {
      --gap.first;
      gap.begin -= pieces_.size(gap.first);
    }
    standing = gap.last;
  }
}

/// `read` are those of what was `replaced`, whose bytes count from `start`.
DocumentPieces LastDocument::pieces_of_next(std::size_t start,
                                            const std::vector<Replaced>& replaced,
                                            const std::vector<DocumentPieces>& read) const {
  DocumentPieces pieces(pieces_.least());
  std::size_t standing = 0, end = pieces_.begin(0);
  const auto stand = [&](std::size_t to) {
    const std::size_t from = pieces_.begin(standing);
    pieces.append(pieces_, standing, to, static_cast<std::ptrdiff_t>(end - from));
    end += pieces_.begin(to) - from;
  };
  for (std::size_t i = 0; i < replaced.size(); ++i) {
    const std::size_t begin = start + replaced[i].begin;
    stand(replaced[i].first);
    pieces.append(read[i], 0, read[i].count(), static_cast<std::ptrdiff_t>(begin));
    standing = replaced[i].last;
    end = begin + replaced[i].size();
  }
  stand(pieces_.count());
  pieces.end_at(end);
  return pieces;
}

}  // namespace upstream
