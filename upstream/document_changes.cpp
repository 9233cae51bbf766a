#include "upstream/document_changes.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "upstream/service_blocks.h"

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

std::optional<cache::CatalogDelta> LastDocument::take(std::string& next,
                                                      const DocumentContext& context) {
  if (document_format(context.file, next) != format_) return {};
  const auto replaced = replaced_pieces(text_, pieces_, next);
  if (!replaced) return {};
  ChangedServices changed(format_, context);
  std::vector<DocumentPieces> read;
  for (const Replaced& gap : *replaced) {
    const std::string_view was = std::string_view(text_).substr(
        pieces_.begin(gap.first), pieces_.begin(gap.last) - pieces_.begin(gap.first));
    const auto is = std::string_view(next).substr(gap.begin, gap.end - gap.begin);
    const bool last = gap.last == pieces_.count();
    read.emplace_back(pieces_.least());
    if (!changed.before(was, last) || !changed.after(is, last, read.back())) return {};
  }
  if (touches(changed, pieces_, *replaced)) return {};
  DocumentPieces pieces = pieces_of_next(*replaced, read);
  if (pieces.count() == 0) return {};
  pieces_ = std::move(pieces);
  text_ = std::move(next);
  return changed.delta();
}

DocumentPieces LastDocument::pieces_of_next(const std::vector<Replaced>& replaced,
                                            const std::vector<DocumentPieces>& read) const {
  DocumentPieces pieces(pieces_.least());
  std::size_t standing = 0, end = pieces_.begin(0);
  const auto stand = [&](std::size_t to) {
    const std::size_t from = pieces_.begin(standing);
    pieces.append(pieces_, standing, to, static_cast<std::ptrdiff_t>(end - from));
    end += pieces_.begin(to) - from;
  };
  for (std::size_t i = 0; i < replaced.size(); ++i) {
    stand(replaced[i].first);
    pieces.append(read[i], 0, read[i].count(), static_cast<std::ptrdiff_t>(replaced[i].begin));
    standing = replaced[i].last;
    end = replaced[i].end;
  }
  stand(pieces_.count());
  pieces.end_at(end);
  return pieces;
}

}  // namespace upstream
