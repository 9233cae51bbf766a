// Where a catalog document may be cut: runs of whole service blocks, one after the other, and
// which names are in each. What stands before the first and after the last is no piece.
//
// Two blocks of one name that follow each other are in one piece.
// Pure; belongs to one reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/name.h"

namespace upstream {

// A piece is cut off when it is at least so long: a dozen services.
constexpr std::size_t kDocumentPiece = 4'096;

/// A service's name as the catalog table has it, wire form, however it is spelled; empty: none.
std::string owner_of_service(const std::string& name, const dns::Name& zone);
/// Of an owner; others may have the same.
std::uint32_t name_print(std::string_view owner);

class DocumentPieces {
 public:
  explicit DocumentPieces(std::size_t least = kDocumentPiece) : least_(least) {}

  /// A block begins at `at`, or what stands before it; a piece may, too.
  void may_begin(std::size_t at) {
    if (!next_) next_ = at;
  }
  /// The name of the next block; of those that may_begin() was not called for, the last piece's.
  void add_name(std::uint32_t print);
  /// The last piece ends here.
  void end_at(std::size_t end) { end_ = end; }
  /// Adds the pieces `from` to `to` (not with it) of `other`, whose text begins `later` bytes
  /// later here.
  void append(const DocumentPieces& other, std::size_t from, std::size_t to, std::ptrdiff_t later);

  std::size_t least() const { return least_; }
  std::size_t count() const { return pieces_.size(); }
  /// Where the piece `number` begins; of count(), where the last one ends.
  std::size_t begin(std::size_t number) const {
    return number < count() ? pieces_[number].begin : end_;
  }
  std::size_t size(std::size_t number) const { return begin(number + 1) - begin(number); }
  /// Of the document `whole`, the pieces `from` to `to` (not with it).
  std::string_view text(std::string_view whole, std::size_t from, std::size_t to) const {
    return whole.substr(begin(from), begin(to) - begin(from));
  }
  /// Calls `each` with the prints of the pieces' names, `from` to `to` (not with it).
  template <typename Each>
  void names(std::size_t from, std::size_t to, Each each) const {
    for (std::size_t i = first_name(from); i < first_name(to); ++i) each(names_[i]);
  }

 private:
  struct Piece {
    std::uint32_t begin;  // a document has less than 4 GiB
    std::uint32_t name;   // the first of its names
  };

  std::size_t first_name(std::size_t number) const {
    return number < count() ? pieces_[number].name : names_.size();
  }
  void add_piece(std::size_t begin);

  std::size_t least_;
  std::vector<Piece> pieces_;
  std::vector<std::uint32_t> names_;
  std::size_t end_ = 0;
  std::optional<std::size_t> next_;
};

}  // namespace upstream
